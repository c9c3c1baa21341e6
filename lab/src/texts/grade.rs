//! What `grade` says.

super::texts! {
    PREPARING {
        fr: "Préparation : l'arbre tel que les étudiants l'ont reçu est compilé une fois…",
        en: "Preparing: the tree as students received it is built once…",
    }
    ISOLATION_WHOLE {
        fr: "Isolement : fichiers (Landlock), réseau et processus (espaces de noms) ; chaque rendu est seul.",
        en: "Isolation: files (Landlock), network and processes (namespaces); each submission is alone.",
    }
    ISOLATION_FILES {
        fr: "Isolement : fichiers (Landlock) seulement. Réseau et processus ne sont pas séparés sur cette machine.",
        en: "Isolation: files (Landlock) only. Network and processes are not kept apart on this machine.",
    }
    ISOLATION_NETWORK {
        fr: "Isolement : réseau et processus seulement. Un rendu peut LIRE vos fichiers : ne notez ici que ce que vous avez relu.",
        en: "Isolation: network and processes only. A submission can READ your files: grade here only what you have looked through.",
    }
    ISOLATION_NONE {
        fr: "Isolement : AUCUN sur cette machine, sauf les limites de temps. Un rendu peut lire vos fichiers : utilisez Linux, ou une machine virtuelle.",
        en: "Isolation: NONE on this machine but the limits of time. A submission can read your files: use Linux, or a virtual machine.",
    }
    SEED {
        fr: "Pour noter à l'identique : --seed {word}",
        en: "To grade alike: --seed {word}",
    }
    NOBODY { fr: "Aucun rendu dans ces dossiers.", en: "No submission in these folders." }
    TWICE { fr: "Deux rendus portent le nom {student}.", en: "Two submissions bear the name {student}." }
    NOT_LISTED {
        fr: "{student} n'est pas dans la liste ; noté quand même.",
        en: "{student} is not on the list; graded all the same.",
    }
    MET { fr: "{met} critères remplis sur {of}.", en: "{met} criteria met of {of}." }
    NOTHING { fr: "Rien n'a été rendu.", en: "Nothing was handed in." }
    UNTOUCHED {
        fr: "Les fichiers sont ceux du départ.",
        en: "The files are those that were handed out.",
    }
    NOT_BUILT { fr: "Ne compile pas : {error}", en: "Does not compile: {error}" }
    BUILD_TOO_LONG {
        fr: "La compilation a été arrêtée après 180 s.",
        en: "The build was ended after 180 s.",
    }
    RUN_TOO_LONG {
        fr: "L'exécution a été arrêtée après 120 s ; {met} critères étaient remplis sur {of}.",
        en: "The run was ended after 120 s; {met} criteria were met of {of}.",
    }
    MISSING_FILE { fr: "Le fichier {file} manque.", en: "The file {file} is missing." }
    NO_PLAIN_FILE {
        fr: "{file} n'est pas un fichier ordinaire de taille raisonnable (un lien ?).",
        en: "{file} is not a plain file of a sensible size (a link?).",
    }
    UNREADABLE_FILE {
        fr: "{file} ne peut pas être lu : {error}",
        en: "{file} cannot be read: {error}",
    }
    WRITTEN {
        fr: "{count} notes en {seconds} s ; résultats dans {folder}",
        en: "{count} marks in {seconds} s; results in {folder}",
    }
    BROKEN {
        fr: "{count} rendus n'ont pas pu être notés : voyez les commentaires.",
        en: "{count} submissions could not be graded: see the comments.",
    }
}
