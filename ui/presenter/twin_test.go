package presenter

import (
	"testing"

	"amarre/authclient"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestTwinsAreToldApart: production and test of a port with one address, or with one token,
// are pointed at.
func TestTwinsAreToldApart(t *testing.T) {
	for _, c := range []struct {
		service, token, want string
	}{
		{"https://test.example/ws", "OTHER", ""},
		{"https://test.example/ws", "SAME", "twin.token"},
		{"", "OTHER", "twin.address"},
	} {
		h := start(t, "en", nil)
		of := h.save("SET")
		h.editElsewhere(of.ID, setToken("SAME"))
		if c.service == "" {
			c.service = of.Service
		}
		profiletest.Save(t, h.deps.Store, profile.Profile{Name: "Sète, test", Service: c.service, Environment: profile.Test, PortCode: "set", ERPID: 16},
			profile.Secrets{Token: authclient.NewSecret(c.token)})
		h.Reload(nil)
		h.Home()
		h.Open(h.listed("SET"))
		if c.want == "" {
			if h.Message().Text != "" {
				t.Errorf("%+v: %q", c, h.Message().Text)
			}
			continue
		}
		h.expect(c.token, h.Message().Text, c.want, "Name", "Sète, test", "Environment", "test")
	}
}
