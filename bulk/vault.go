package bulk

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
)

// Exports of password managers. Each item becomes a row with these columns, which the user may
// change: some keep the token as the password.
var vaultColumns = []Column{Name, Account, Password, Service, Note, Fields}

// vaultRow returns the cells of an item, in the order of vaultColumns. fields are lines.
func vaultRow(name, account, password, service, note string, fields []string) []string {
	return []string{name, account, password, service, note, strings.Join(fields, "\n")}
}

// fieldLine writes a field of an item as a line of the column Fields.
func fieldLine(name, value string) string {
	return name + ": " + strings.NewReplacer("\r\n", " ", "\n", " ").Replace(value)
}

// bitwarden is an export of Bitwarden in JSON, of a person or an organization.
type bitwarden struct {
	Encrypted bool `json:"encrypted"`
	Items     *[]struct {
		Type    int     `json:"type"`
		Deleted *string `json:"deletedDate"`
		Name    string  `json:"name"`
		Notes   string  `json:"notes"`
		Fields  []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
		Login struct {
			Username string `json:"username"`
			Password string `json:"password"`
			URIs     []struct {
				URI string `json:"uri"`
			} `json:"uris"`
		} `json:"login"`
	} `json:"items"`
}

func readBitwarden(content []byte) (*Table, error) {
	const login = 1 // other types are cards, notes and identities
	var export bitwarden
	err := json.Unmarshal(content, &export)
	switch {
	case err == nil && export.Encrypted:
		return nil, &Error{Problem: Encrypted}
	case err != nil || export.Items == nil:
		return nil, &Error{Problem: Damaged, Err: err}
	}
	t := &Table{Columns: vaultColumns}
	for i, item := range *export.Items {
		if item.Type != login || item.Deleted != nil {
			continue
		}
		var fields []string
		for _, field := range item.Fields {
			fields = append(fields, fieldLine(field.Name, field.Value))
		}
		address := ""
		if len(item.Login.URIs) > 0 {
			address = item.Login.URIs[0].URI
		}
		t.records = append(t.records, record{i + 1, vaultRow(item.Name, item.Login.Username, item.Login.Password, address, item.Notes, fields)})
	}
	return t, nil
}

// onePassword is the part export.data of an export of 1Password (.1pux).
type onePassword struct {
	Accounts []struct {
		Vaults []struct {
			Items []struct {
				State    string `json:"state"`
				Trashed  any    `json:"trashed"`
				Overview struct {
					Title string `json:"title"`
					URL   string `json:"url"`
				} `json:"overview"`
				Details struct {
					LoginFields []struct {
						Value       string `json:"value"`
						Designation string `json:"designation"`
					} `json:"loginFields"`
					Notes    string `json:"notesPlain"`
					Sections []struct {
						Fields []struct {
							Title string         `json:"title"`
							Value map[string]any `json:"value"`
						} `json:"fields"`
					} `json:"sections"`
				} `json:"details"`
			} `json:"items"`
		} `json:"vaults"`
	} `json:"accounts"`
}

func read1Password(z zipParts) (*Table, error) {
	part, err := z.open("export.data")
	if err != nil {
		return nil, err
	}
	defer part.Close()
	var export onePassword
	if err := json.NewDecoder(part).Decode(&export); err != nil {
		return nil, err
	}
	t, line := &Table{Columns: vaultColumns}, 0
	for _, account := range export.Accounts {
		for _, vault := range account.Vaults {
			for _, item := range vault.Items {
				line++
				if item.State != "" && item.State != "active" || item.Trashed == true {
					continue
				}
				login := map[string]string{}
				for _, field := range item.Details.LoginFields {
					login[field.Designation] = field.Value
				}
				var fields []string
				for _, section := range item.Details.Sections {
					for _, field := range section.Fields {
						for _, value := range field.Value { // one, named after its type
							if text, ok := value.(string); ok {
								fields = append(fields, fieldLine(field.Title, text))
							}
						}
					}
				}
				t.records = append(t.records, record{line, vaultRow(item.Overview.Title, login["username"], login["password"], item.Overview.URL, item.Details.Notes, fields)})
			}
		}
	}
	return t, nil
}

// keePassGroup is a group of an export of KeePass or KeePassXC in XML.
type keePassGroup struct {
	UUID    string         `xml:"UUID"`
	Groups  []keePassGroup `xml:"Group"`
	Entries []struct {
		Strings []struct {
			Key   string `xml:"Key"`
			Value string `xml:"Value"`
		} `xml:"String"`
	} `xml:"Entry"`
}

func readKeePass(text string) (*Table, error) {
	var file struct {
		XMLName xml.Name     `xml:"KeePassFile"`
		Bin     string       `xml:"Meta>RecycleBinUUID"`
		Root    keePassGroup `xml:"Root"`
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	// It is UTF-8 by now, whatever the file says of itself.
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if err := decoder.Decode(&file); err != nil {
		return nil, &Error{Problem: Damaged, Err: err}
	}
	t := &Table{Columns: vaultColumns}
	var add func(group keePassGroup)
	add = func(group keePassGroup) {
		if group.UUID != "" && group.UUID == file.Bin {
			return
		}
		for _, entry := range group.Entries {
			known := map[string]string{}
			var fields []string
			for _, each := range entry.Strings {
				switch each.Key {
				case "Title", "UserName", "Password", "URL", "Notes":
					known[each.Key] = each.Value
				default:
					fields = append(fields, fieldLine(each.Key, each.Value))
				}
			}
			t.records = append(t.records, record{len(t.records) + 1, vaultRow(known["Title"], known["UserName"], known["Password"], known["URL"], known["Notes"], fields)})
		}
		for _, each := range group.Groups {
			add(each)
		}
	}
	add(file.Root)
	return t, nil
}
