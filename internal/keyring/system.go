package keyring

// State is the state of a keyring before it is asked for anything.
type State string

const (
	Ready        State = "ready"
	Locked       State = "locked"        // it will ask the user when it is used
	Unresponsive State = "unresponsive"  // it does not answer: a prompt is open, or it hangs
	NoBus        State = "no-bus"        // no session bus, through which a keyring is reached
	NoService    State = "no-service"    // a session bus without a keyring
	NoCollection State = "no-collection" // a keyring in which nothing can be kept yet
	None         State = "none"          // items are in memory alone
)

// Absent reports whether what is saved is kept for this session only.
func (s State) Absent() bool {
	return s == NoBus || s == NoService || s == NoCollection || s == None
}

// serviceName is the service of every item: at most 32 characters and no colon, which
// the library takes for its separator on Windows (docs/keyring.md).
const serviceName = "io.github.amarre"

// SystemOptions are what System remembers between two runs of the program.
type SystemOptions struct {
	// Provider is the process that provided the Secret Service last; "" if none is known.
	// Where it was not gnome-keyring, which the bus starts, none is started in its place.
	Provider string
	// ProviderChanged is called, on any goroutine, when another one serves; may be nil.
	ProviderChanged func(provider string)
}

// The beginnings of the names of processes that provide the Secret Service.
const (
	gnomeKeyring = "gnome-keyring"
	kwallet      = "kwalletd"
	keePassXC    = "keepassxc"
)

// Product is a program that keeps a keyring, for the advice that the user gets.
type Product string

const (
	GNOME     Product = "gnome"
	KDE       Product = "kde"
	KeePassXC Product = "keepassxc"
)

// System returns the keyring of the system.
func System(opts SystemOptions) Backend { return newSystem(opts) }
