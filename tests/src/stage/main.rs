//! The platform in one process, under the orders of who judges it: see `escale_tests::stage`.

fn main() {
    escale_tests::stage::run();
}
