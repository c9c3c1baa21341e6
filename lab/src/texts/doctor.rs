//! What `doctor` says.

super::texts! {
    RUSTC { fr: "compilateur Rust", en: "Rust compiler" }
    RUSTC_OLD {
        fr: "version {found}, il faut {wanted} : rustup update",
        en: "version {found}, {wanted} is needed: rustup update",
    }
    RUSTC_MISSING {
        fr: "rustc ne peut pas être lancé : installez Rust, https://rustup.rs",
        en: "rustc cannot be run: install Rust, https://rustup.rs",
    }
    COMPILER { fr: "compilateur C", en: "C compiler" }
    COMPILER_MISSING_LINUX {
        fr: "`cc` est introuvable : installez gcc ou clang (Debian, Ubuntu : sudo apt install build-essential)",
        en: "`cc` is not found: install gcc or clang (Debian, Ubuntu: sudo apt install build-essential)",
    }
    COMPILER_MISSING_MACOS {
        fr: "`cc` est introuvable : xcode-select --install",
        en: "`cc` is not found: xcode-select --install",
    }
    COMPILER_MISSING_WINDOWS {
        fr: "ni cl.exe ni Visual Studio ne sont trouvés : installez les « Build Tools » de Visual Studio avec C++",
        en: "neither cl.exe nor Visual Studio is found: install the Visual Studio Build Tools with C++",
    }
    PORTS { fr: "ports", en: "ports" }
    PORTS_FREE { fr: "libres : {ports}", en: "free: {ports}" }
    PORTS_OURS { fr: "la plateforme tourne (superviseur {pid})", en: "the platform is running (supervisor {pid})" }
    CLOCK { fr: "horloge", en: "clock" }
    CLOCK_BEHIND {
        fr: "elle retarde : {file} est daté du futur. Réglez l'heure de la machine, sinon certificats et jetons seront refusés",
        en: "it is behind: {file} is dated in the future. Set this machine's time, or certificates and tokens will be refused",
    }
    CERTIFICATES { fr: "certificats", en: "certificates" }
    CERTIFICATES_NONE {
        fr: "aucun encore ; cargo lab up les crée",
        en: "none yet; cargo lab up makes them",
    }
    CERTIFICATES_VALID { fr: "valides, {days} jours au moins", en: "valid, {days} days at the least" }
    CERTIFICATES_SOON {
        fr: "{name} expire dans {days} jours : cargo lab certs --renew",
        en: "{name} ends in {days} days: cargo lab certs --renew",
    }
    CERTIFICATES_EXPIRED {
        fr: "{name} a expiré : cargo lab certs --renew",
        en: "{name} has expired: cargo lab certs --renew",
    }
    CERTIFICATES_BROKEN {
        fr: "{error}. Pour en créer de nouveaux, effacez le dossier {folder}, puis : cargo lab certs",
        en: "{error}. To make new ones, remove the folder {folder}, then: cargo lab certs",
    }
    MODES { fr: "droits des fichiers secrets", en: "modes of secret files" }
    MODES_OPEN {
        fr: "d'autres que vous peuvent lire {files} : chmod 600 {files}",
        en: "others than you can read {files}: chmod 600 {files}",
    }
    MODES_WINDOWS {
        fr: "protégés par les droits du dossier (Windows)",
        en: "protected by the folder's access list (Windows)",
    }
    MEMORY { fr: "mémoire", en: "memory" }
    MEMORY_FREE { fr: "{megabytes} Mo disponibles", en: "{megabytes} MB available" }
    MEMORY_LOW {
        fr: "{megabytes} Mo disponibles, c'est peu pour compiler : fermez des programmes, ou limitez cargo avec CARGO_BUILD_JOBS=1",
        en: "{megabytes} MB available, which is little to build with: close programs, or limit cargo with CARGO_BUILD_JOBS=1",
    }
    MEMORY_UNKNOWN { fr: "inconnue sur ce système", en: "not known on this system" }
    GIT { fr: "git", en: "git" }
    GIT_MISSING {
        fr: "introuvable : installez-le (https://git-scm.com), ou travaillez avec cargo lab start --no-branch",
        en: "not found: install it (https://git-scm.com), or work with cargo lab start --no-branch",
    }
    DISK { fr: "disque", en: "disk" }
    DISK_FREE { fr: "{gigabytes} Go libres", en: "{gigabytes} GB free" }
    DISK_LOW {
        fr: "{gigabytes} Go libres, c'est peu pour compiler : libérez de la place, ou déplacez les fichiers compilés avec CARGO_TARGET_DIR",
        en: "{gigabytes} GB free, which is little to build with: make room, or move what is built with CARGO_TARGET_DIR",
    }
    DISK_UNKNOWN { fr: "inconnu sur ce système", en: "not known on this system" }
    CARD {
        fr: "\nLa ligne à donner à l'enseignant :",
        en: "\nThe line to give to the teacher:",
    }
    FINE { fr: "en ordre", en: "in order" }
    MARK_GOOD { fr: "bon", en: "ok" }
    MARK_WARNING { fr: "attention", en: "warning" }
    MARK_BAD { fr: "problème", en: "problem" }
}
