//! The sources of the collection: one TOML file a folder, `postman/course/*.toml` and `postman/labs/*.toml`, in the order of
//! their names; and the scripts that run around every request, `postman/scripts/*.js`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// French first, English beside it: Postman has no languages of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    pub fr: String,
    pub en: String,
}

pub struct Source {
    pub about: Group,
    pub groups: Vec<(Group, Vec<Folder>)>,
    pub before_each: String,
    pub after_each: String,
}

/// A title with its text, such as `postman/labs/about.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub title: Bilingual,
    pub about: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    pub title: Bilingual,
    pub about: Bilingual,
    #[serde(rename = "request")]
    pub requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub title: Bilingual,
    pub about: Bilingual,
    /// Method and URL: `GET {{gateway}}/api/tours`.
    pub send: Line,
    /// Whose token goes with it: the variable `{{aliceToken}}` for `alice`.
    #[serde(rename = "as")]
    pub bearer: Option<String>,
    /// `app`: the application authenticates itself (RFC 6749 section 2.3.1).
    #[serde(default)]
    pub basic: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub body: Option<Body>,
    /// JavaScript before the request.
    pub before: Option<String>,
    /// A JavaScript condition on `answer`: the request is sent beforehand, again and again, until it holds.
    pub until: Option<String>,
    /// The status, one of these.
    pub answer: Vec<u16>,
    /// The `code` of a refusal.
    pub code: Option<String>,
    /// JavaScript after the answer.
    #[serde(default)]
    pub after: String,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Line {
    pub method: String,
    pub url: String,
}

impl TryFrom<String> for Line {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (method, url) = text
            .split_once(" {{")
            .ok_or("a method, a space, and a URL that begins with a variable")?;
        Ok(Self {
            method: method.to_owned(),
            url: format!("{{{{{url}"),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Body {
    Json(String),
    Form(BTreeMap<String, String>),
    /// As it is; its type is one of the headers.
    Raw(String),
}

/// # Errors
/// A file that is not there, or does not have this form (`InvalidData`).
pub fn read(postman: &Path) -> io::Result<Source> {
    let script = |name: &str| text(&postman.join("scripts").join(name));
    let groups = ["course", "labs"].map(|name| group(&postman.join(name)));
    // Postman's scripts share nothing but variables: what both need goes into both.
    let limits = script("limits.js")?;
    Ok(Source {
        about: toml(&postman.join("about.toml"))?,
        groups: groups.into_iter().collect::<io::Result<_>>()?,
        before_each: format!("{limits}\n{}", script("before-each.js")?),
        after_each: format!("{limits}\n{}", script("after-each.js")?),
    })
}

fn group(path: &Path) -> io::Result<(Group, Vec<Folder>)> {
    let about = path.join("about.toml");
    let mut files = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "toml") && *file != about);
    files.sort();
    let folders = files.iter().map(|file| toml(file));
    Ok((toml(&about)?, folders.collect::<io::Result<_>>()?))
}

/// A checkout on Windows may have put carriage returns at the ends of lines.
fn text(path: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(path)?.replace('\r', ""))
}

fn toml<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    toml::from_str(&text(path)?).map_err(|fault| {
        let told = format!("{}: {fault}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, told)
    })
}
