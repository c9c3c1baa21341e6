//! What `handout` says.

super::texts! {
    NOT_EMPTY {
        fr: "{folder} existe déjà et n'est pas vide : choisissez un autre dossier, rien n'est jamais écrasé.",
        en: "{folder} exists already and is not empty: choose another folder, nothing is ever overwritten.",
    }
    MADE {
        fr: "{folder} : {labs} TP, {files} fichiers",
        en: "{folder}: {labs} labs, {files} files",
    }
    NEXT {
        fr: "Publiez chaque dossier comme un dépôt git ; les étudiants commencent par : cargo lab",
        en: "Publish each folder as a git repository; students begin with: cargo lab",
    }
}
