; What the installer says. ${TEXT} name, English, French; the French has no-break
; spaces and typographic apostrophes.

!macro TEXT name english french
	LangString ${name} ${LANG_ENGLISH} "${english}"
	LangString ${name} ${LANG_FRENCH} "${french}"
!macroend
!define TEXT "!insertmacro TEXT"

${TEXT} SetupCaption "Amarre Setup" "Installation d’Amarre"
${TEXT} UninstallCaption "Uninstall Amarre" "Désinstallation d’Amarre"

${TEXT} WelcomeTitle "Install Amarre ${VERSION}" "Installer Amarre ${VERSION}"
${TEXT} WelcomeText \
	"Amarre gets the Log@pass token of a marina’s ERP and keeps it in the credential manager of Windows.$\r$\n$\r$\nIt is installed for your account only, without administrator rights, in$\r$\n$INSTDIR.$\r$\n$\r$\nAn earlier version is replaced. Your saved ports stay as they are.$\r$\n$\r$\nClick Install to start." \
	"Amarre obtient le jeton Log@pass de l’ERP d’un port de plaisance et le garde dans le gestionnaire d’identification de Windows.$\r$\n$\r$\nIl s’installe pour votre seul compte, sans droits d’administrateur, dans$\r$\n$INSTDIR.$\r$\n$\r$\nUne version antérieure est remplacée. Vos ports enregistrés restent tels quels.$\r$\n$\r$\nCliquez sur Installer pour commencer."

${TEXT} InstallingTitle "Installing" "Installation en cours"
${TEXT} InstallingText "Amarre is being copied to your computer." "Les fichiers d’Amarre sont copiés sur votre ordinateur."
${TEXT} InstalledTitle "Installed" "Installation terminée"
${TEXT} InstalledText "Amarre is on your computer." "Amarre est sur votre ordinateur."
${TEXT} NotInstalledTitle "Not installed" "Installation interrompue"
${TEXT} NotInstalledText "Nothing has been changed." "Rien n’a été modifié."

${TEXT} FinishTitle "Amarre is installed" "Amarre est installé"
${TEXT} FinishText \
	"You will find it in the Start menu.$\r$\n$\r$\nTo remove it, go to Apps in the settings of Windows." \
	"Vous le trouverez dans le menu Démarrer.$\r$\n$\r$\nPour le désinstaller, ouvrez Applications dans les paramètres de Windows."
${TEXT} FinishRun "Open &Amarre" "Ouvrir &Amarre"
${TEXT} FinishButton "&Finish" "&Terminer"

${TEXT} UninstallTitle "Uninstall Amarre" "Désinstaller Amarre"
${TEXT} UninstallText "Amarre will be removed from your account." "Amarre va être retiré de votre compte."
${TEXT} UninstallTop \
	"You will be asked whether to keep your saved ports. Click Uninstall to start." \
	"Vous pourrez choisir de garder vos ports enregistrés. Cliquez sur Désinstaller pour commencer."
${TEXT} UninstallFrom "Folder:" "Dossier :"
${TEXT} UninstallingTitle "Uninstalling" "Désinstallation en cours"
${TEXT} UninstallingText "Amarre is being removed from your account." "Amarre est en train d’être retiré de votre compte."
${TEXT} UninstalledTitle "Uninstalled" "Désinstallation terminée"
${TEXT} UninstalledText "Amarre has been removed from your account." "Amarre a été retiré de votre compte."
${TEXT} NotUninstalledTitle "Not uninstalled" "Désinstallation interrompue"
${TEXT} NotUninstalledText "Amarre is still installed." "Amarre est toujours installé."

${TEXT} Running \
	"Amarre is open, or its file is in use.$\r$\n$\r$\nClose all its windows, then try again." \
	"Amarre est ouvert, ou son fichier est utilisé.$\r$\n$\r$\nFermez toutes ses fenêtres, puis réessayez."
${TEXT} KeepProfiles \
	"Keep your saved ports?$\r$\n$\r$\nYes: your ports stay in the credential manager of Windows, and are found again if you reinstall Amarre.$\r$\n$\r$\nNo: your ports, with their tokens and passwords, and your settings are deleted for good." \
	"Garder vos ports enregistrés ?$\r$\n$\r$\nOui : vos ports restent dans le gestionnaire d’identification de Windows, et vous les retrouverez en réinstallant Amarre.$\r$\n$\r$\nNon : vos ports, avec leurs jetons et leurs mots de passe, ainsi que vos réglages sont supprimés définitivement."
${TEXT} ProfilesLeft \
	"Your ports could not all be deleted (status $0). Amarre is still installed.$\r$\n$\r$\nOpen Amarre to see what is the matter, or uninstall it again and keep your ports." \
	"Vos ports n’ont pas pu être tous supprimés (code $0). Amarre est toujours installé.$\r$\n$\r$\nOuvrez Amarre pour voir ce qui se passe, ou relancez la désinstallation en gardant vos ports."
${TEXT} WrongWindows \
	"Amarre needs 64-bit Windows 10, Windows Server 2016 or newer." \
	"Amarre nécessite Windows 10, Windows Server 2016 ou une version plus récente, en 64 bits."
