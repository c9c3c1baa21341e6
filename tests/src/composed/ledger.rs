//! The books, when everything has come to rest: what the databases of payment, booking and the bank say of each payment.

use std::collections::BTreeMap;

use super::Composed;

/// Each payment by its id.
#[derive(Debug)]
pub struct Ledger {
    /// Status and booking, as payment has them.
    payments: BTreeMap<String, (String, String)>,
    /// The confirmed bookings' payments, as booking has them.
    confirmed: BTreeMap<String, String>,
    /// What the bank holds: the sum of what it moved, and how many charges there are.
    moved: BTreeMap<String, (i64, usize)>,
    open_steps: usize,
}

impl Ledger {
    pub fn read(platform: &Composed) -> Self {
        let payments = platform.rows("payment", "SELECT id, status, booking_id FROM payments");
        let payments = payments.into_iter().map(|row| {
            let [id, status, booking] = <[String; 3]>::try_from(row).expect("three columns");
            (id, (status, booking))
        });
        let confirmed = "SELECT payment_id, id FROM bookings WHERE status = 'confirmed'";
        let confirmed = platform.rows("booking", confirmed).into_iter().map(|row| {
            let [payment, booking] = <[String; 2]>::try_from(row).expect("two columns");
            (payment, booking)
        });
        let moved = "SELECT c.reference, COALESCE(SUM(m.cents), 0), COUNT(DISTINCT c.id) FROM charges c \
                     LEFT JOIN movements m ON m.charge_id = c.id GROUP BY c.reference";
        let moved = platform.rows("bank", moved).into_iter().map(|row| {
            let [reference, cents, charges] = <[String; 3]>::try_from(row).expect("three columns");
            let number = |text: &str| text.parse().expect("a number");
            (reference, (number(&cents), number(&charges) as usize))
        });
        let open = platform.rows(
            "payment",
            "SELECT COUNT(*) FROM steps WHERE done_at IS NULL",
        );
        Self {
            payments: payments.collect(),
            confirmed: confirmed.collect(),
            moved: moved.collect(),
            open_steps: open[0][0].parse().expect("a number"),
        }
    }

    /// No step of any payment waits to be done.
    pub fn at_rest(&self) -> bool {
        self.open_steps == 0
    }

    pub fn status(&self, payment: &str) -> &str {
        let found = self.payments.get(payment);
        found.map_or("unknown", |(status, _)| status)
    }

    /// Captured money is confirmed or was given back, and each payment is one charge at the bank.
    #[track_caller]
    pub fn assert_sound(&self) {
        assert!(!self.payments.is_empty(), "nothing was paid");
        for (payment, (status, booking)) in &self.payments {
            let (cents, charges) = self.moved.get(payment).copied().unwrap_or((0, 0));
            assert!(charges <= 1, "{payment} was charged {charges} times");
            let is_confirmed = self.confirmed.get(payment) == Some(booking);
            match status.as_str() {
                "captured" => assert!(is_confirmed && cents > 0, "{payment}: {cents} cents"),
                "refunded" | "failed" => {
                    assert!(
                        !is_confirmed && cents == 0,
                        "{payment}: {status}, {cents} cents"
                    );
                }
                other => panic!("{payment} was left {other}"),
            }
        }
        for payment in self.confirmed.keys() {
            assert_eq!(self.status(payment), "captured", "{payment} is confirmed");
        }
    }
}
