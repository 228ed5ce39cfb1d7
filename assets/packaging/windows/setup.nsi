; The installer for one user, without administrator rights. assets/packaging/package
; makes it and defines VERSION (x.y.z), QUAD (x.y.z.0), FILES (the folder of what is
; installed), PICTURES (the folder of amarre.ico and sidebar.bmp), KILOBYTES, OUT,
; and SIGN, the command that signs the uninstaller.
;
; /S installs or uninstalls silently; /D=FOLDER, last and unquoted, installs there.
; Uninstalling keeps the profiles, /DELETEPROFILES deletes them.
; Exit status: 0 done; 2 cancelled; 5 Amarre is running; 6 its profiles could not be
; deleted; 7 this Windows is too old.

Unicode true
Target amd64-unicode
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
SetCompressor /SOLID lzma
SetDateSave on

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\io.github.amarre.Amarre"

Name "Amarre"
Caption "$(SetupCaption)"
UninstallCaption "$(UninstallCaption)"
BrandingText "Amarre ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Amarre"
InstallDirRegKey HKCU "${KEY}" InstallLocation
ShowInstDetails nevershow
ShowUninstDetails nevershow
!uninstfinalize `${SIGN} "%1"` = 0

!define MUI_ICON "${PICTURES}/amarre.ico"
!define MUI_UNICON "${PICTURES}/amarre.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/sidebar.bmp"

!define MUI_WELCOMEPAGE_TITLE "$(WelcomeTitle)"
!define MUI_WELCOMEPAGE_TEXT "$(WelcomeText)"
!insertmacro MUI_PAGE_WELCOME

!define MUI_PAGE_HEADER_TEXT "$(InstallingTitle)"
!define MUI_PAGE_HEADER_SUBTEXT "$(InstallingText)"
!define MUI_INSTFILESPAGE_FINISHHEADER_TEXT "$(InstalledTitle)"
!define MUI_INSTFILESPAGE_FINISHHEADER_SUBTEXT "$(InstalledText)"
!define MUI_INSTFILESPAGE_ABORTHEADER_TEXT "$(NotInstalledTitle)"
!define MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT "$(NotInstalledText)"
!insertmacro MUI_PAGE_INSTFILES
!undef MUI_INSTFILESPAGE_ABORTHEADER_TEXT ; the others are undefined by the page
!undef MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT

!define MUI_FINISHPAGE_TITLE "$(FinishTitle)"
!define MUI_FINISHPAGE_TEXT "$(FinishText)"
!define MUI_FINISHPAGE_BUTTON "$(FinishButton)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\amarre.exe"
!define MUI_FINISHPAGE_RUN_TEXT "$(FinishRun)"
!insertmacro MUI_PAGE_FINISH

!define MUI_PAGE_HEADER_TEXT "$(UninstallTitle)"
!define MUI_PAGE_HEADER_SUBTEXT "$(UninstallText)"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(UninstallTop)"
!define MUI_UNCONFIRMPAGE_TEXT_LOCATION "$(UninstallFrom)"
!insertmacro MUI_UNPAGE_CONFIRM

!define MUI_PAGE_HEADER_TEXT "$(UninstallingTitle)"
!define MUI_PAGE_HEADER_SUBTEXT "$(UninstallingText)"
!define MUI_INSTFILESPAGE_FINISHHEADER_TEXT "$(UninstalledTitle)"
!define MUI_INSTFILESPAGE_FINISHHEADER_SUBTEXT "$(UninstalledText)"
!define MUI_INSTFILESPAGE_ABORTHEADER_TEXT "$(NotUninstalledTitle)"
!define MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT "$(NotUninstalledText)"
!insertmacro MUI_UNPAGE_INSTFILES

; The first language is that of a Windows in neither.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"
!include texts.nsh

!macro VERSIONKEYS language
	VIAddVersionKey /LANG=${language} "ProductName" "Amarre"
	VIAddVersionKey /LANG=${language} "ProductVersion" "${VERSION}"
	VIAddVersionKey /LANG=${language} "FileVersion" "${VERSION}"
	VIAddVersionKey /LANG=${language} "CompanyName" "The Amarre authors"
	VIAddVersionKey /LANG=${language} "LegalCopyright" "Copyright © 2026 The Amarre authors. MIT licence."
!macroend
VIProductVersion "${QUAD}"
VIFileVersion "${QUAD}"
!insertmacro VERSIONKEYS ${LANG_ENGLISH}
!insertmacro VERSIONKEYS ${LANG_FRENCH}
VIAddVersionKey /LANG=${LANG_ENGLISH} "FileDescription" "Amarre Setup"
VIAddVersionKey /LANG=${LANG_FRENCH} "FileDescription" "Installation d’Amarre"

; STOPWHILERUNNING ends with status 5 while a program of Amarre's runs: Windows lets
; nobody write to the file of a running program, and an upgrade would leave the old one
; there.
!macro STOPWHILERUNNING program
	${DoWhile} ${FileExists} "$INSTDIR\${program}"
		ClearErrors
		FileOpen $0 "$INSTDIR\${program}" a
		${IfNot} ${Errors}
			FileClose $0
			${ExitDo}
		${EndIf}
		${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDCANCEL`
			SetErrorLevel 5
			Abort
		${EndIf}
	${Loop}
!macroend

Function .onInit
	${IfNot} ${AtLeastWin10}
	${AndIfNot} ${Silent}
		MessageBox MB_OK|MB_ICONSTOP "$(WrongWindows)"
	${EndIf}
	${IfNot} ${AtLeastWin10}
		SetErrorLevel 7
		Quit
	${EndIf}
FunctionEnd

Section
	SetDetailsPrint none
	!insertmacro STOPWHILERUNNING amarre.exe
	!insertmacro STOPWHILERUNNING amarre.com
	SetOutPath "$INSTDIR"
	File "${FILES}/amarre.exe"
	File "${FILES}/amarre.com"
	File "${FILES}/amarre-completion.ps1"
	File "${FILES}/LICENSE.txt"
	File "${FILES}/THIRD-PARTY-LICENCES.txt"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	CreateShortcut "$SMPROGRAMS\Amarre.lnk" "$INSTDIR\amarre.exe"

	WriteRegStr HKCU "${KEY}" DisplayName "Amarre"
	WriteRegStr HKCU "${KEY}" DisplayVersion "${VERSION}"
	WriteRegStr HKCU "${KEY}" DisplayIcon "$INSTDIR\amarre.exe,0"
	WriteRegStr HKCU "${KEY}" Publisher "The Amarre authors"
	WriteRegStr HKCU "${KEY}" InstallLocation "$INSTDIR"
	WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${KEY}" EstimatedSize ${KILOBYTES}
	WriteRegDWORD HKCU "${KEY}" NoModify 1
	WriteRegDWORD HKCU "${KEY}" NoRepair 1
	${GetTime} "" "L" $0 $1 $2 $3 $4 $5 $6
	WriteRegStr HKCU "${KEY}" InstallDate "$2$1$0"
SectionEnd

; DELETEPROFILES deletes the profiles and the settings, and ends with status 6 when
; something is left. Only the program knows its keyring, so it does it: amarre.com,
; because amarre.exe shows its errors in a message box. nsExec shows no console.
!macro DELETEPROFILES
	nsExec::Exec '"$INSTDIR\amarre.com" delete --all --yes'
	Pop $0
	${If} $0 != 0
		MessageBox MB_OK|MB_ICONSTOP "$(ProfilesLeft)" /SD IDOK
		SetErrorLevel 6
		Abort
	${EndIf}
	RMDir /r "$APPDATA\amarre"
	RMDir /r "$APPDATA\fyne\io.github.amarre.Amarre"
	RMDir "$APPDATA\fyne"
!macroend

Section Uninstall
	SetDetailsPrint none
	!insertmacro STOPWHILERUNNING amarre.exe
	!insertmacro STOPWHILERUNNING amarre.com
	${GetParameters} $1
	ClearErrors
	${GetOptions} $1 "/DELETEPROFILES" $2
	${IfNot} ${Errors}
		!insertmacro DELETEPROFILES
	${ElseIf} ${Cmd} `MessageBox MB_YESNO|MB_ICONQUESTION "$(KeepProfiles)" /SD IDYES IDNO`
		!insertmacro DELETEPROFILES
	${EndIf}

	Delete "$INSTDIR\amarre.exe"
	Delete "$INSTDIR\amarre.com"
	Delete "$INSTDIR\amarre-completion.ps1"
	Delete "$INSTDIR\LICENSE.txt"
	Delete "$INSTDIR\THIRD-PARTY-LICENCES.txt"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Amarre.lnk"
	DeleteRegKey HKCU "${KEY}"
SectionEnd
