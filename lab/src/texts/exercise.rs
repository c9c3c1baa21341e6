//! What the verbs on labs say of where the learner is: `list`, `start`, `reset`, `leave`, `next`, `branches`.

super::texts! {
    BROKEN_LAB {
        fr: "Un TP de ce dossier est abîmé : {fault}",
        en: "A lab of this tree is broken: {fault}",
    }
    NO_LABS { fr: "Il n'y a aucun TP dans ce dossier.", en: "There are no labs in this tree." }
    UNKNOWN_LAB {
        fr: "Aucun TP ne s'appelle « {asked} ». Il y a : {names}",
        en: "No lab is called \"{asked}\". There are: {names}",
    }
    WHICH_LAB {
        fr: "Quel TP ? Vous n'en avez pas en cours ici : donnez son numéro, ou voyez `cargo lab list`.",
        en: "Which lab? You are at none here: give its number, or see `cargo lab list`.",
    }
    PROGRESS_ASIDE {
        fr: "Le fichier de progression était illisible. Il est gardé sous {path}, et la version précédente est reprise.",
        en: "The progress file could not be read. It is kept as {path}, and the version before it is used.",
    }
    PROGRESS_UNUSABLE {
        fr: "La progression ne peut pas être lue ou écrite ({path} : {error}). Vérifiez les droits et la place sur le disque.",
        en: "The progress cannot be read or written ({path}: {error}). Look at the permissions and the space on the disk.",
    }
    GIT_MISSING {
        fr: "Le programme git ne peut pas être lancé ({error}). Installez-le (https://git-scm.com), ou travaillez sans lui : ajoutez --no-branch à `cargo lab start`.",
        en: "The program git cannot be run ({error}). Install it (https://git-scm.com), or work without it: add --no-branch to `cargo lab start`.",
    }
    NO_REPOSITORY {
        fr: "Ce dossier n'est pas un dépôt git, ou n'a encore aucun commit. Faites-en un (`git init`, `git add .`, `git commit -m Début`), ou travaillez sans git : ajoutez --no-branch à `cargo lab start`.",
        en: "This folder is no git repository, or has no commit yet. Make one (`git init`, `git add .`, `git commit -m Start`), or work without git: add --no-branch to `cargo lab start`.",
    }
    GIT_FAILED { fr: "git a refusé : {fault}", en: "git refused: {fault}" }
    UNCOMMITTED {
        fr: "Des fichiers sont modifiés et pas encore enregistrés dans git :\n{files}\nRien n'a été changé. Au choix :\n  git commit --all --message \"Mon travail\"   les enregistrer sur la branche actuelle\n  git restore --staged --worktree .          les abandonner (ils seront perdus)\n  cargo lab start {lab} --no-branch             rester sur cette branche : seuls les fichiers du TP sont échangés",
        en: "Files are changed and not committed yet:\n{files}\nNothing was changed. Either:\n  git commit --all --message \"My work\"       commit them to the present branch\n  git restore --staged --worktree .          give them up (they will be lost)\n  cargo lab start {lab} --no-branch             stay on this branch: only the lab's files are swapped",
    }
    BEGUN_ON_BRANCH {
        fr: "Ce TP est commencé sur la branche {branch}, votre travail y est. Pour y retourner : cargo lab start {lab}",
        en: "This lab was begun on the branch {branch}, your work is there. To go back to it: cargo lab start {lab}",
    }
    STARTED_ON_BRANCH {
        fr: "TP {lab}, {title} : vous êtes sur la branche {branch}, où la défense est retirée.",
        en: "Lab {lab}, {title}: you are on the branch {branch}, where the defence is taken out.",
    }
    STARTED_IN_PLACE {
        fr: "TP {lab}, {title} : la défense est retirée des fichiers ; les originaux sont gardés dans {folder}.",
        en: "Lab {lab}, {title}: the defence is taken out of the files; the originals are kept in {folder}.",
    }
    BACK_AT {
        fr: "TP {lab}, {title} : vous y revoilà, tout est comme vous l'avez laissé.",
        en: "Lab {lab}, {title}: you are back at it, everything is as you left it.",
    }
    YOU_WRITE { fr: "Vous écrivez : {files}", en: "You write: {files}" }
    NOT_BEGUN {
        fr: "Ce TP n'est pas commencé : cargo lab start {lab}",
        en: "This lab was not begun: cargo lab start {lab}",
    }
    RESET_NOTHING {
        fr: "Rien à faire : les fichiers sont déjà ceux du départ.",
        en: "Nothing to do: the files are those of the start already.",
    }
    RESET_BRANCH {
        fr: "Retour au départ. Votre travail est gardé sur la branche {place} ; pour le revoir : git diff {branch} {place}",
        en: "Back to the start. Your work is kept on the branch {place}; to see it: git diff {branch} {place}",
    }
    RESET_FOLDER {
        fr: "Retour au départ. Votre travail est gardé dans {place}",
        en: "Back to the start. Your work is kept in {place}",
    }
    LEFT {
        fr: "Les fichiers d'origine sont revenus. Votre travail attend dans {folder} ; pour le reprendre : cargo lab start {lab} --no-branch",
        en: "The original files are back. Your work waits in {folder}; to take it up again: cargo lab start {lab} --no-branch",
    }
    LEFT_NOTHING {
        fr: "Les fichiers d'origine sont revenus ; il n'y avait aucun travail à garder. Pour recommencer : cargo lab start {lab} --no-branch",
        en: "The original files are back; there was no work to keep. To begin anew: cargo lab start {lab} --no-branch",
    }
    LEAVE_BRANCH {
        fr: "Ce TP a sa propre branche, {branch} : le reste du dépôt n'en voit rien. Pour en sortir, enregistrez votre travail (git commit --all), puis : git switch main",
        en: "This lab has a branch of its own, {branch}: the rest of the repository sees nothing of it. To get out of it, commit your work (git commit --all), then: git switch main",
    }
    LEAVE_HANDOUT {
        fr: "Dans cette copie, les fichiers du TP sont à leur place et c'est là qu'ils sont rendus : il n'y a rien à quitter.",
        en: "In this copy the lab's files are in their place, and are handed in from there: there is nothing to leave.",
    }
    ALL_DONE { fr: "Tous les TP sont faits. Bravo !", en: "All labs are done. Well done!" }
    STUCK_BEHIND {
        fr: "Les TP qui restent en demandent d'autres, qui s'attendent entre eux : voyez `cargo lab list`.",
        en: "The labs that are left need others that wait for each other: see `cargo lab list`.",
    }
    COLUMN_LAB { fr: "TP", en: "lab" }
    COLUMN_TITLE { fr: "titre", en: "title" }
    COLUMN_MINUTES { fr: "minutes", en: "minutes" }
    COLUMN_RULES { fr: "règles", en: "rules" }
    COLUMN_STATE { fr: "état", en: "state" }
    COLUMN_BRANCH { fr: "branche", en: "branch" }
    STATE_DONE { fr: "fait", en: "done" }
    STATE_BEGUN { fr: "en cours, {passed}/{of}", en: "begun, {passed}/{of}" }
    STATE_OPEN { fr: "à faire", en: "to do" }
    STATE_NEEDS { fr: "après {needs}", en: "after {needs}" }
    HERE { fr: "Vous êtes au TP {lab}, {title} ({state}).", en: "You are at lab {lab}, {title} ({state})." }
    HERE_COUNTS {
        fr: "Indices demandés : {hints} sur 3. Quiz : {quiz}.",
        en: "Hints asked for: {hints} of 3. Quiz: {quiz}.",
    }
    NO_QUIZ_YET { fr: "pas encore", en: "not yet" }
    NOWHERE { fr: "Vous n'êtes à aucun TP.", en: "You are at no lab." }
    DONE_SO_FAR { fr: "TP faits : {done} sur {of}.", en: "Labs done: {done} of {of}." }
    DO_START { fr: "Commencer :", en: "Begin:" }
    DO_ATTACK { fr: "Voir l'attaque réussir :", en: "See the attack succeed:" }
    DO_CHECK { fr: "Écrire la défense, puis la vérifier :", en: "Write the defence, then check it:" }
    DO_ATTACK_AGAIN { fr: "Voir la même attaque échouer :", en: "See the same attack fail:" }
    DO_QUIZ { fr: "Répondre au quiz :", en: "Take the quiz:" }
    DO_NEXT { fr: "Passer au suivant :", en: "Go on to the next:" }
    BRANCH_NEW { fr: "créée", en: "made" }
    BRANCH_SAME { fr: "déjà là, identique", en: "there already, the same" }
    BRANCH_OVERWRITTEN { fr: "remplacée", en: "overwritten" }
    BRANCH_DIFFERS { fr: "déjà là, différente : laissée", en: "there already, different: left alone" }
    BRANCHES_DIFFER {
        fr: "Pour remplacer celles qui diffèrent (leur contenu sera perdu) : cargo lab branches --force. Celle où vous êtes n'est jamais remplacée.",
        en: "To overwrite those that differ (what they hold will be lost): cargo lab branches --force. The one that you are on is never overwritten.",
    }
    BRANCHES_PUSH {
        fr: "Pour les publier : git push origin 'refs/heads/exercise/*'",
        en: "To publish them: git push origin 'refs/heads/exercise/*'",
    }
}
