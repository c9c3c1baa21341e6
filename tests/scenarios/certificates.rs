//! Certificates are renewed while requests run, and nobody notices (L15).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use escale_tests::{Town, eventually};

/// Proves: L15
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewal_under_load_fails_no_request_and_new_connections_show_the_new_certificate() {
    let town = Town::start().await;
    let user = town.user().await;
    let (stop, served) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let load = (0..4).map(|_| {
        let (user, stop, served) = (user.clone(), Arc::clone(&stop), Arc::clone(&served));
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                user.get("/api/tours?limit=1").await.assert_status(200);
                user.get("/api/bookings").await.assert_status(200);
                served.fetch_add(2, Ordering::Relaxed);
            }
        })
    });
    let load: Vec<_> = load.collect();
    let before = (town.leaf_of("gateway").await, town.leaf_of("catalog").await);
    town.certs.renew().unwrap();
    eventually("new connections show the new certificates", async || {
        town.leaf_of("gateway").await != before.0 && town.leaf_of("catalog").await != before.1
    })
    .await;
    let during = served.load(Ordering::Relaxed);
    eventually("requests go on", async || {
        served.load(Ordering::Relaxed) > during + 20
    })
    .await;
    stop.store(true, Ordering::Relaxed);
    for task in load {
        task.await.expect("no request failed");
    }
}

#[tokio::test]
async fn half_a_renewal_is_not_taken_and_the_old_certificate_serves_on() {
    let town = Town::start().await;
    let user = town.user().await;
    let before = town.leaf_of("catalog").await;
    let (_, key) = town.certs.path("catalog");
    let (certificate, _) = town.certs.path("booking");
    // A key that is not the certificate's, and then rubbish.
    std::fs::copy(town.certs.path("booking").1, &key).unwrap();
    eventually("the fault is logged", async || {
        !escale_tests::logs::watcher()
            .find(&["the changed certificate is not taken"])
            .is_empty()
    })
    .await;
    std::fs::write(&key, "rubbish").unwrap();
    assert!(certificate.is_file());
    assert_eq!(town.leaf_of("catalog").await, before);
    user.get("/api/tours").await.assert_status(200);
}
