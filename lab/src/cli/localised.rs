//! The command line with its help in one language.

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::Cli;
use crate::texts::{Lang, help, usage};

/// The whole command line, ready to parse.
pub(super) fn command(lang: Lang) -> Command {
    let root = Cli::command().disable_help_subcommand(true);
    localise(root, "lab", lang).mut_subcommands(|sub| {
        let path = format!("lab {}", sub.get_name());
        localise(sub, &path, lang).mut_subcommands(|inner| {
            let path = format!("{path} {}", inner.get_name());
            localise(inner, &path, lang)
        })
    })
}

fn localise(command: Command, path: &str, lang: Lang) -> Command {
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading(usage::HEADING_OPTIONS.get(lang))
        .subcommand_help_heading(
            usage::HEADING_COMMANDS
                .get(lang)
                .trim_end_matches([' ', ':']),
        )
        .help_template(template(lang))
        .mut_args(|arg| localise_arg(arg, path, lang));
    let command = match help::find(path) {
        Some(text) => command.about(text.get(lang)),
        None => command,
    };
    let help = Arg::new("help")
        .long("help")
        .short('h')
        .action(ArgAction::Help);
    let command = command.arg(localise_arg(help, path, lang));
    if path != "lab" {
        return command;
    }
    let version = Arg::new("version")
        .long("version")
        .short('V')
        .action(ArgAction::Version);
    command.arg(localise_arg(version, path, lang))
}

fn localise_arg(arg: Arg, path: &str, lang: Lang) -> Arg {
    let positional = arg.is_positional();
    let name = match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => arg.get_id().to_string(),
    };
    let heading = if positional {
        usage::HEADING_ARGUMENTS
    } else {
        usage::HEADING_OPTIONS
    };
    let arg = arg.help_heading(heading.get(lang));
    let Some(text) = help::find(&format!("{path} {name}")) else {
        return arg;
    };
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().map(|value| value.get_name()).collect();
    // A switch "takes" true and false.
    if values.is_empty() || !arg.get_action().takes_values() {
        return arg.help(text.get(lang));
    }
    let values = usage::POSSIBLE.with(lang, &[("values", &values.join(", "))]);
    arg.hide_possible_values(true)
        .help(format!("{} ({values})", text.get(lang)))
}

fn template(lang: Lang) -> String {
    format!(
        "{{about}}\n\n{} {{usage}}\n\n{{all-args}}",
        usage::HEADING_USAGE.get(lang)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of every command and option that `--help` shows.
    fn paths() -> Vec<String> {
        fn collect(command: &Command, path: &str, found: &mut Vec<String>) {
            found.push(path.to_owned());
            for arg in command.get_arguments() {
                let name = arg
                    .get_long()
                    .map_or(arg.get_id().to_string(), |long| format!("--{long}"));
                found.push(format!("{path} {name}"));
            }
            for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
                collect(sub, &format!("{path} {}", sub.get_name()), found);
            }
        }
        let mut found = Vec::new();
        collect(&command(Lang::Fr), "lab", &mut found);
        found
    }

    #[test]
    fn every_command_and_option_has_its_help_in_both_languages() {
        for path in paths() {
            let text = help::find(&path).unwrap_or_else(|| panic!("{path} has no help"));
            assert!(!text.fr.is_empty() && !text.en.is_empty(), "{path}");
        }
    }

    #[test]
    fn no_help_is_left_of_a_command_or_option_that_is_gone() {
        let paths = paths();
        for (key, _) in help::all() {
            let shared = format!(" {key}");
            let used = |path: &String| path == key || path.ends_with(&shared);
            assert!(paths.iter().any(used), "{key}");
        }
    }

    #[test]
    fn the_help_is_in_the_readers_language() {
        for (lang, words) in [
            (
                Lang::Fr,
                ["Usage : cargo lab up", "Options:", "Compiler et démarrer"],
            ),
            (
                Lang::En,
                ["Usage: cargo lab up", "Options:", "Build and start"],
            ),
        ] {
            let mut root = command(lang);
            root.build();
            let up = root.find_subcommand_mut("up").expect("up");
            let help = up.render_help().to_string();
            assert!(words.iter().all(|word| help.contains(word)), "{help}");
        }
    }

    #[test]
    fn the_definition_is_sound() {
        command(Lang::En).debug_assert();
    }
}
