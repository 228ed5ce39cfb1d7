//go:build keyring

package servicetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/godbus/dbus/v5"
)

// guiltRidden is how gnome-keyring takes a password without asking.
const guiltRidden = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"

// SetDefault makes a collection the default one. In KeePassXC that is the visible tab.
func (s *Service) SetDefault(c Collection) {
	s.t.Helper()
	if s.Provider == KeePassXC {
		s.openDatabase(c)
	} else {
		s.check("set the alias", s.call(root, service+".SetAlias", "default", c).Err)
	}
	s.wait("another default collection", func() bool { return s.Default() == c })
}

// Unlock unlocks a collection as a person would, with its password.
func (s *Service) Unlock(c Collection) {
	s.t.Helper()
	switch s.Provider {
	case GnomeKeyring:
		s.check("unlock", s.call(root, guiltRidden+".UnlockWithMasterPassword", c, s.secret(password)).Err)
	case KeePassXC:
		visible := s.Default()
		s.openDatabase(c)
		s.wait("an open database", func() bool { return !s.Locked(c) })
		s.SetDefault(visible)
	case KWallet:
		s.restartKWallet(c)
	}
	s.wait("an unlocked collection", func() bool { return !s.Locked(c) })
}

// Second makes a second collection and unlocks it. The default one stays the default.
// It is removed when the test ends.
func (s *Service) Second() Collection {
	s.t.Helper()
	first := s.Default()
	var second Collection
	switch s.Provider {
	case GnomeKeyring:
		properties := map[string]dbus.Variant{collection + ".Label": dbus.MakeVariant("second")}
		s.check("make a collection", s.call(root, guiltRidden+".CreateWithMasterPassword", properties, s.secret(password)).Store(&second))
		s.t.Cleanup(func() {
			s.repair()
			s.check("remove the collection", s.call(second, collection+".Delete").Err)
		})
	case KeePassXC:
		second = root + "/collection/second"
		content, err := os.ReadFile(filepath.Join(os.Getenv("HOME"), "second.kdbx"))
		s.check("read a database", err)
		s.files[second] = filepath.Join(s.t.TempDir(), "second.kdbx")
		s.check("copy a database", os.WriteFile(s.files[second], content, 0o600))
		s.openDatabase(second)
		s.wait("a second tab", func() bool { return s.exists(second) })
		s.t.Cleanup(func() {
			s.repair()
			s.closeTab(second, first)
		})
	case KWallet:
		second = root + "/collection/second"
		s.openWallet(second)
		s.restartKWallet(second)
		s.t.Cleanup(func() {
			s.repair()
			s.check("remove the wallet", s.kwallet("deleteWallet", "second").Err)
			s.wait("the first wallet alone", func() bool { return !s.exists(second) })
		})
	}
	s.SetDefault(first)
	s.wait("two unlocked collections", func() bool { return !s.Locked(first) && !s.Locked(second) })
	return second
}

// Close takes a collection out of reach: KeePassXC closes its tab, the others lock it.
func (s *Service) Close(c, other Collection) {
	s.t.Helper()
	if s.Provider == KeePassXC {
		s.closeTab(c, other)
	} else {
		s.Lock(c)
	}
}

// Open opens a collection again after Close.
func (s *Service) Open(c Collection) {
	s.t.Helper()
	if s.Provider == KeePassXC {
		s.openDatabase(c)
		s.wait("the database", func() bool { return s.exists(c) && !s.Locked(c) })
	} else {
		s.Unlock(c)
	}
}

// AskForEachItem has KeePassXC ask before a program reads or replaces an item that was
// there before, or deletes one. That is its default, and the others never ask.
func (s *Service) AskForEachItem() (stop func()) {
	s.t.Helper()
	file := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "keepassxc", "keepassxc.ini")
	before, err := os.ReadFile(file)
	s.check("read the settings", err)
	restart := func(settings []byte) {
		s.Kill()
		s.check("write the settings", os.WriteFile(file, settings, 0o600))
		s.Start()
	}
	restart(regexp.MustCompile(`(ConfirmAccessItem|ConfirmDeleteItem)=false`).ReplaceAll(before, []byte("$1=true")))
	stop = sync.OnceFunc(func() { restart(before) })
	s.t.Cleanup(stop)
	return stop
}

// openDatabase opens a database of KeePassXC, or unlocks it, and makes its tab visible.
func (s *Service) openDatabase(c Collection) {
	s.t.Helper()
	s.check("open a database", s.window("openDatabase", s.databaseFile(c), password, "").Err)
}

func (s *Service) databaseFile(c Collection) string {
	if file, ok := s.files[c]; ok {
		return file
	}
	return filepath.Join(os.Getenv("HOME"), filepath.Base(string(c))+".kdbx")
}

// closeTab closes a database of KeePassXC and leaves another one open. They are locked
// first, which saves them, so that no dialog asks.
func (s *Service) closeTab(c, other Collection) {
	s.t.Helper()
	s.check("lock the databases", s.window("lockAllDatabases").Err)
	s.wait("locked databases", func() bool { return s.Locked(c) && s.Locked(other) })
	s.check("close the databases", s.window("closeAllDatabases").Err)
	s.openDatabase(other)
	s.wait("one database", func() bool { return !s.exists(c) && s.exists(other) && !s.Locked(other) })
}

func (s *Service) window(method string, args ...any) *dbus.Call {
	return s.conn.Object("org.keepassxc.KeePassXC.MainWindow", "/keepassxc").Call("org.keepassxc.KeePassXC.MainWindow."+method, dbus.FlagNoAutoStart, args...)
}

// openWallet opens a wallet with the key of .ci/start-keyring, or makes it.
func (s *Service) openWallet(c Collection) {
	s.t.Helper()
	s.check("open the wallet", s.kwallet("pamOpen", filepath.Base(string(c)), slices.Repeat([]byte{1}, 56), int32(0)).Err)
}

func (s *Service) kwallet(method string, args ...any) *dbus.Call {
	return s.conn.Object("org.kde.kwalletd5", "/modules/kwalletd5").Call("org.kde.KWallet."+method, dbus.FlagNoAutoStart, args...)
}

// restartKWallet starts KWallet again with the wallets that are open and one more. A new
// wallet becomes a collection only then, and a dialog that was dismissed through the
// Secret Service would stay open and keep every wallet from being opened.
func (s *Service) restartKWallet(more Collection) {
	s.t.Helper()
	wallets := append(slices.DeleteFunc(s.collections(), s.Locked), more)
	s.Kill()
	s.start(wallets...)
}

// Kill ends the provider's process. KeePassXC and KWallet write their files first, because
// they would lose what they were given in the last second.
func (s *Service) Kill() {
	s.t.Helper()
	switch s.Provider {
	case KeePassXC:
		_ = s.window("lockAllDatabases").Err
	case KWallet:
		for _, c := range s.collections() {
			_ = s.kwallet("close", filepath.Base(string(c)), true).Err
		}
	}
	s.check("end", syscall.Kill(s.pid(), syscall.SIGKILL))
	s.wait("the end of the process", func() bool { return !s.owned() })
}

// Start starts the provider after Kill, with its first collection unlocked. Another one
// that was started meanwhile is ended.
func (s *Service) Start() {
	s.t.Helper()
	if s.owned() {
		s.Kill()
	}
	s.start(map[string]Collection{GnomeKeyring: root + "/collection/login", KeePassXC: root + "/collection/first", KWallet: root + "/collection/kdewallet"}[s.Provider])
}

func (s *Service) start(unlocked ...Collection) {
	s.t.Helper()
	args := map[string][]string{
		GnomeKeyring: {"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"},
		KeePassXC:    {"keepassxc", "--pw-stdin", s.databaseFile(unlocked[0])},
		KWallet:      {"kwalletd5"},
	}[s.Provider]
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "TMPDIR="+os.Getenv("XDG_RUNTIME_DIR"))
	cmd.Stdin = strings.NewReader(password)
	s.check("start", cmd.Start())
	go func() { _ = cmd.Wait() }()
	s.wait("a new process", s.owned)
	s.openSession()
	for _, c := range unlocked {
		if s.Provider == KWallet {
			s.unlockWallet(c)
		}
		s.wait("an unlocked collection", func() bool { return s.exists(c) && !s.Locked(c) })
	}
}

// unlockWallet opens a wallet. The collection takes note when it is asked to unlock; no
// dialog opens then.
func (s *Service) unlockWallet(c Collection) {
	s.t.Helper()
	s.openWallet(c)
	var unlocked []dbus.ObjectPath
	var asks dbus.ObjectPath
	s.check("unlock", s.call(root, service+".Unlock", []dbus.ObjectPath{c}).Store(&unlocked, &asks))
	if asks != "/" {
		s.check("unlock", s.call(asks, prompt+".Prompt", "").Err)
	}
}

// repair starts the provider again if the test has failed, or if it was killed: the bus
// starts gnome-keyring by itself, with its collection locked.
func (s *Service) repair() {
	s.t.Helper()
	if s.t.Failed() || !s.owned() || s.Locked(s.Default()) {
		s.Start()
	}
}

func (s *Service) owned() bool {
	var yes bool
	s.check("look for the service", s.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, busName).Store(&yes))
	return yes
}
