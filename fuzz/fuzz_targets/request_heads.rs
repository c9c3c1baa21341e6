//! Whatever is sent on an HTTP/1.1 connection, and however it is cut: no panic, one verdict, and what passes is what
//! came. The first byte says where it is cut.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use service_kit::server::strict::{Fault, Requests};

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (BytesMut, u64, Option<Fault>) {
    let (mut requests, mut ready) = (Requests::default(), BytesMut::new());
    for piece in pieces {
        if let Err(fault) = requests.take(piece, &mut ready) {
            return (ready, requests.begun(), Some(fault));
        }
    }
    (ready, requests.begun(), None)
}

fuzz_target!(|input: &[u8]| {
    let Some((cut, bytes)) = input.split_first() else {
        return;
    };
    let whole = read(std::iter::once(bytes));
    assert!(bytes.starts_with(&whole.0));
    assert_eq!(read(bytes.chunks(usize::from(*cut) + 1)), whole);
    assert_eq!(read(bytes.chunks(1)), whole);
});
