//! Takes the two files of Swagger UI that `/docs` needs out of the archive that a crate carries: no file of others is in
//! this repository, and none is fetched when a page is read. With them go their licence and its notice, which whoever
//! hands them on must hand on too (Apache-2.0 section 4).
//!
//! They lie in the archive compressed (RFC 1951). Within the ten bytes before and the eight bytes after that make gzip
//! of it (RFC 1952) they go to the browser as they are: nothing is unpacked, neither here nor by the gateway.

use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::{env, fs};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;

/// The end of a path in the archive, and the file's name here.
const TAKEN: [(&str, &str); 4] = [
    ("/dist/swagger-ui-bundle.js", "swagger-ui-bundle.js"),
    ("/dist/swagger-ui.css", "swagger-ui.css"),
    ("/LICENSE", "swagger-ui-license.txt"),
    ("/NOTICE", "swagger-ui-notice.txt"),
];
const OWN: [&str; 5] = [
    "src/docs/page.html",
    "src/docs/page.css",
    "src/docs/start.js",
    "openapi/openapi.fr.json",
    "openapi/openapi.en.json",
];

/// ZIP (APPNOTE.TXT 6.3.10): the end of the central directory, an entry of it, and a file's own header.
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;
const HEADER_LENGTH: usize = 30;
const STORED: usize = 0;
const DEFLATED: usize = 8;

fn main() {
    let folder = env::var("OUT_DIR").expect("cargo sets it");
    let mut all = DefaultHasher::new();
    for (path, name) in TAKEN {
        let file = gzip(path).unwrap_or_else(|| panic!("{path} is not in the archive"));
        fs::write(Path::new(&folder).join(format!("{name}.gz")), &file).expect("OUT_DIR");
        all.write(&file);
    }
    for name in OWN {
        println!("cargo::rerun-if-changed={name}");
        all.write(&fs::read(name).expect(name));
    }
    // One for all of them: what is asked again after an update is sent again whole.
    println!("cargo::rustc-env=DOCS_ETAG=\"{:016x}\"", all.finish());
    println!("cargo::rerun-if-changed=build.rs");
}

/// The file whose path in the archive ends so.
fn gzip(name: &str) -> Option<Vec<u8>> {
    let end = ARCHIVE.windows(4).rposition(|window| window == END)?;
    let mut at = number(end + 16, 4)?;
    while ARCHIVE.get(at..at + 4)? == ENTRY {
        let path_length = number(at + 28, 2)?;
        let path = ARCHIVE.get(at + ENTRY_LENGTH..at + ENTRY_LENGTH + path_length)?;
        if path.ends_with(name.as_bytes()) {
            return wrapped(at);
        }
        at += ENTRY_LENGTH + path_length + number(at + 30, 2)? + number(at + 32, 2)?;
    }
    None
}

fn wrapped(entry: usize) -> Option<Vec<u8>> {
    let header = number(entry + 42, 4)?;
    let start = header + HEADER_LENGTH + number(header + 26, 2)? + number(header + 28, 2)?;
    let packed = ARCHIVE.get(start..start + number(entry + 20, 4)?)?;
    let deflated = match number(entry + 10, 2)? {
        DEFLATED => packed.to_vec(),
        STORED => stored_block(packed)?,
        _ => return None,
    };
    // Deflate, no flags, no time, an unknown system; then CRC-32 and the length of what was packed, as ZIP has them.
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    file.extend(deflated);
    file.extend_from_slice(ARCHIVE.get(entry + 16..entry + 20)?);
    file.extend_from_slice(ARCHIVE.get(entry + 24..entry + 28)?);
    Some(file)
}

/// What is too short to be worth compressing, as one block of its kind: the last, stored (RFC 1951 section 3.2.4).
fn stored_block(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(bytes.len()).ok()?;
    let mut block = vec![1];
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend_from_slice(bytes);
    Some(block)
}

/// Of so many bytes, the lowest first.
fn number(at: usize, bytes: usize) -> Option<usize> {
    let bytes = ARCHIVE.get(at..at + bytes)?.iter().rev();
    Some(bytes.fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
