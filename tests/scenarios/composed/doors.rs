//! What can be reached: from this machine one port; from a container that is let onto the inside network, but is no
//! service, handshakes that end in a refusal.

use std::path::Path;

use escale_lab::certs::{Authorities, Validity};
use escale_tests::composed::Composed;

/// Service and port, of all that speak mutual TLS.
const DOORS: [(&str, u16); 5] = [
    ("auth", 3001),
    ("catalog", 3002),
    ("booking", 3003),
    ("payment", 3004),
    ("bank", 3005),
];

pub(super) fn only_the_balancers_port_is_open(platform: &Composed) {
    let engine = platform.engine();
    let mut open = Vec::new();
    for container in engine.running() {
        let format = "--format={{range $port, $doors := .NetworkSettings.Ports}}{{range $doors}}{{.HostIp}}:{{.HostPort}}\n{{end}}{{end}}";
        let ports = engine.docker(&["inspect", format, &container]);
        open.extend(
            ports
                .lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned),
        );
    }
    assert_eq!(open, [format!("127.0.0.1:{}", platform.port)]);
}

/// What somebody gains who has broken into a container: the rights of a user without any, in a file system that he cannot
/// write, and no more of the machine than was set aside for it.
pub(super) fn every_container_is_confined(platform: &Composed) {
    let engine = platform.engine();
    let running = engine.running();
    assert!(running.len() >= 10, "{running:?}");
    for container in running {
        let inspect = |what: &str| {
            let format = format!("--format={what}");
            let text = engine.docker(&["inspect", &format, &container]);
            text.trim().to_owned()
        };
        let confined = "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}} {{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.SecurityOpt}}";
        let wanted = [
            "true false [ALL] [] [no-new-privileges:true]",
            "true false [ALL] <nil> [no-new-privileges:true]",
        ];
        let found = inspect(confined);
        assert!(wanted.contains(&found.as_str()), "{container}: {found}");
        let user = inspect("{{.Config.User}}");
        assert!(
            !["", "0", "root"].contains(&user.as_str()),
            "{container}: {user:?}"
        );
        for bound in ["Memory", "NanoCpus", "PidsLimit"] {
            let bound = inspect(&format!("{{{{.HostConfig.{bound}}}}}"));
            let bound: i64 = bound.parse().expect("a number");
            assert!(bound > 0, "{container} has no bound: {bound}");
        }
        // A secret in the environment is shown by `docker inspect` to everybody who may ask the engine.
        let environment = inspect("{{json .Config.Env}}");
        for secret in ["postgres://", "redis://", "_KEY=", "PASSWORD="] {
            assert!(!environment.contains(secret), "{container}: {environment}");
        }
    }
}

/// A container of PostgreSQL's image, which has a shell and openssl, on the network of the services.
struct Stranger<'a> {
    platform: &'a Composed,
    /// Mounted at /identity: cert.pem and key.pem.
    identity: String,
}

impl Stranger<'_> {
    fn run(&self, script: &str) -> String {
        let engine = self.platform.engine();
        let container = self.platform.container("postgres");
        let image = engine.docker(&["inspect", "--format={{.Config.Image}}", &container]);
        let (network, identity) = (
            engine.name("inside"),
            format!("{}:/identity:ro", self.identity),
        );
        let words = [
            "run",
            "--rm",
            "--user=0",
            "--network",
            &network,
            "--volume",
            &identity,
            "--entrypoint=sh",
            image.trim(),
            "-c",
            script,
        ];
        engine.try_docker(&words).1
    }

    /// What a service says to a request for its tours, bookings or keys, over TLS with or without `identity`.
    fn ask(&self, service: &str, port: u16, shown: bool) -> String {
        let identity = match shown {
            true => {
                "-cert /identity/cert.pem -key /identity/key.pem -cert_chain /identity/cert.pem"
            }
            false => "",
        };
        self.run(&format!(
            "printf 'GET /nowhere HTTP/1.1\\r\\nHost: {service}\\r\\nConnection: close\\r\\n\\r\\n' | \
             timeout 10 openssl s_client -quiet -ign_eof -tls1_3 -connect {service}:{port} {identity} 2>&1"
        ))
    }
}

pub(super) fn a_stranger_on_the_inside_network_meets_mutual_tls(platform: &Composed) {
    let stranger = Stranger {
        platform,
        identity: foreign_identity(platform.folder()),
    };
    let service = Stranger {
        platform,
        identity: platform.engine().name("secrets-gateway"),
    };
    for (name, port) in DOORS {
        // Without this the refusals below would prove nothing.
        let welcome = service.ask(name, port, true);
        assert!(welcome.contains("HTTP/1.1 4"), "{name}: {welcome}");
        for shown in [false, true] {
            let refused = stranger.ask(name, port, shown);
            assert!(!refused.contains("HTTP/"), "{name}: {refused}");
            assert!(refused.contains("alert"), "{name}: {refused}");
        }
    }
    nothing_else_is_there(&stranger);
}

/// Neither the databases nor Redis nor an operator's address; what Prometheus reads is all there is without a key.
fn nothing_else_is_there(stranger: &Stranger<'_>) {
    let told = stranger.run(
        "for name in postgres redis; do getent hosts $name && echo \"found $name\"; done; \
         for name in gateway-1 auth booking; do for port in 18080 13001 13003 5432 6379; do \
           timeout 2 bash -c \"exec 3<>/dev/tcp/$name/$port\" 2>/dev/null && echo \"open $name $port\"; \
         done; done; \
         timeout 2 bash -c 'exec 3<>/dev/tcp/gateway-1/9100; printf \"GET /jail HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n\" >&3; head -n 1 <&3'; \
         timeout 2 bash -c 'exec 3<>/dev/tcp/gateway-1/9100; printf \"GET /ready HTTP/1.0\\r\\n\\r\\n\" >&3; head -n 1 <&3'",
    );
    assert!(!told.contains("found") && !told.contains("open"), "{told}");
    let answers: Vec<_> = told
        .lines()
        .filter(|line| line.contains("HTTP/1"))
        .collect();
    assert!(
        matches!(answers.as_slice(), [jail, ready] if jail.contains("404") && ready.contains("200")),
        "{told}"
    );
}

/// The gateway's name, signed by authorities of the stranger's own.
fn foreign_identity(folder: &Path) -> String {
    let folder = folder.join("stranger");
    std::fs::create_dir(&folder).expect("a folder");
    let authorities = Authorities::generate().expect("authorities");
    let (certificate, key) = authorities
        .issue_service("gateway", Validity::leaf())
        .expect("a certificate");
    std::fs::write(folder.join("cert.pem"), certificate).expect("a file");
    std::fs::write(folder.join("key.pem"), key).expect("a file");
    folder.display().to_string()
}
