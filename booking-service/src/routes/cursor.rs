//! The `cursor` of a list: a place, as text that clients hand back unread. It opens nothing: the owner is asked for
//! separately, so a forged one shows at the most another part of one's own list.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::store::Position;

/// Sixteen hexadecimal digits of time, thirty-two of the id.
pub fn write(position: Position) -> String {
    format!("{:016x}{}", position.created_at.0, position.id.simple())
}

pub fn read(text: &str) -> Option<Position> {
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 48 || !text.bytes().all(hexadecimal) {
        return None;
    }
    let (time, id) = text.split_at(16);
    Some(Position {
        created_at: Timestamp(i64::from_str_radix(time, 16).ok()?),
        id: Uuid::try_parse(id).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_place_that_it_was_made_of() {
        let position = Position {
            created_at: Timestamp(1_814_356_800_042),
            id: Uuid::new_v4(),
        };
        assert_eq!(read(&write(position)), Some(position));
    }

    #[test]
    fn anything_else_is_no_cursor() {
        let good = write(Position {
            created_at: Timestamp(1),
            id: Uuid::nil(),
        });
        let (upper, short) = (good.replace('0', "A"), &good[1..]);
        let (signed, far) = (format!("+{short}"), "f".repeat(48));
        for bad in ["", "é", &upper, short, &signed, &far] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
