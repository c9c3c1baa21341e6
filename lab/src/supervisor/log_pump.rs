//! Takes what a service writes, line by line, to its log.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::log_files::LogWriter;

const BUFFER: usize = 64 * 1024;

/// Runs until the stream ends. Lines that have arrived together are written together: a busy service costs few
/// system calls.
pub(super) async fn pump(stream: impl AsyncRead + Unpin, log: LogWriter) {
    let mut reader = BufReader::with_capacity(BUFFER, stream);
    let mut lines = Vec::new();
    let mut line = Vec::new();
    while let Ok(read) = reader.read_until(b'\n', &mut line).await {
        if read > 0 {
            let text = String::from_utf8_lossy(&line);
            lines.push(text.trim_end_matches(['\r', '\n']).to_owned());
            line.clear();
        }
        if read == 0 || !reader.buffer().contains(&b'\n') {
            log.write(&std::mem::take(&mut lines));
        }
        if read == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_files::tail;

    #[tokio::test]
    async fn every_line_arrives_whole_the_last_one_too() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("x.log");
        let (log, _) = LogWriter::open(&path, "x", None).expect("a log");
        pump(&b"one\r\ntwo \xff\n\nlast"[..], log).await;
        assert_eq!(tail(&path, 0, 9), ["one", "two \u{fffd}", "", "last"]);
    }
}
