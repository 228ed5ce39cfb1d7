//go:build windows || darwin || js

package desktop

func chooseInputMethod() {}
