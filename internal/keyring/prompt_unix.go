//go:build unix && !darwin

package keyring

import (
	"errors"

	"github.com/godbus/dbus/v5"
)

// unlockItems unlocks items. The user may be asked.
func (s *service) unlockItems(items []dbus.ObjectPath) error {
	if len(items) == 0 {
		return nil
	}
	if err := s.unlock(items...); err != nil {
		return err
	}
	for _, item := range items {
		if s.isLocked(item, itemInterface) { // KWallet gives an empty text for it
			return &Error{Class: ClassLocked, Op: "unlock the item"}
		}
	}
	return nil
}

// unlock unlocks collections or items. The user may be asked; the error is ClassLocked if
// the user dismisses the prompt.
func (s *service) unlock(objects ...dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := s.call(serviceRoot, serviceInterface+".Unlock", objects).Store(&unlocked, &prompt); err != nil {
		return err
	}
	return s.ask(prompt)
}

// ask shows a prompt and waits for its answer. The error is ClassLocked if the user
// dismisses it, ClassUnknown if the provider ends meanwhile.
func (s *service) ask(prompt dbus.ObjectPath) error {
	if prompt == noObject {
		return nil
	}
	ended := &Error{Class: ClassUnknown, Op: "wait for the prompt", Err: errors.New("the provider has ended")}
	completed := []dbus.MatchOption{dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptInterface)}
	vanished := []dbus.MatchOption{dbus.WithMatchInterface(busInterface), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretService)}
	signals := make(chan *dbus.Signal, 16)
	s.conn.Signal(signals)
	defer s.conn.RemoveSignal(signals)
	for _, match := range [][]dbus.MatchOption{completed, vanished} {
		if err := s.conn.AddMatchSignal(match...); err != nil {
			return err
		}
		defer func() { _ = s.conn.RemoveMatchSignal(match...) }()
	}
	if err := s.call(prompt, promptInterface+".Prompt", "").Err; err != nil {
		return err
	}
	for signal := range signals {
		switch {
		case signal.Name == busInterface+".NameOwnerChanged" && len(signal.Body) > 0 && signal.Body[0] == secretService:
			return ended
		case signal.Path == prompt && signal.Name == promptInterface+".Completed" && len(signal.Body) > 0:
			if dismissed, _ := signal.Body[0].(bool); dismissed {
				return &Error{Class: ClassLocked, Op: "wait for the prompt"}
			}
			return nil
		}
	}
	return ended // the bus is gone
}
