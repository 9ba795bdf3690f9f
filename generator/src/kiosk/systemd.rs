//! Word to systemd that the server is ready and well (`sd_notify`(3)): a line of text to the socket that it names.

#[cfg(unix)]
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// Who started this program, when it was systemd.
#[derive(Debug, Default)]
pub(super) struct Systemd {
    #[cfg(unix)]
    socket: Option<UnixDatagram>,
}

impl Systemd {
    /// As the environment says.
    #[cfg(unix)]
    pub(super) fn of_environment() -> Self {
        let name = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty());
        Self { socket: name.and_then(|name| connect(&name).ok()) }
    }

    /// As the environment says.
    #[cfg(not(unix))]
    pub(super) fn of_environment() -> Self {
        Self::default()
    }

    /// How often it wants to hear [`Systemd::tell`] `WATCHDOG=1`: three times before it loses patience.
    pub(super) fn every() -> Option<Duration> {
        let patience = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
        Some(Duration::from_micros(patience) / 3)
    }

    /// Sends one line of state.
    pub(super) fn tell(&self, state: &str) {
        #[cfg(unix)]
        if let Some(socket) = &self.socket {
            // Nobody but systemd listens; when it does not, there is nobody to tell.
            let _ = socket.send(state.as_bytes());
        }
        #[cfg(not(unix))]
        let _ = state;
    }
}

/// The socket is a file, or on Linux a name that begins with `@`.
#[cfg(unix)]
fn connect(name: &std::ffi::OsStr) -> std::io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_encoded_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt as _;
        socket.connect_addr(&std::os::unix::net::SocketAddr::from_abstract_name(name)?)?;
        return Ok(socket);
    }
    socket.connect(name)?;
    Ok(socket)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::SocketAddr;

    #[test]
    fn a_line_reaches_either_kind_of_socket() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("notify");
        let name = format!("yima-test-{}", std::process::id());
        let abstract_name = SocketAddr::from_abstract_name(&name).unwrap();
        let sockets = [UnixDatagram::bind(&path).unwrap(), UnixDatagram::bind_addr(&abstract_name).unwrap()];
        for (socket, name) in sockets.iter().zip([path.into_os_string(), format!("@{name}").into()]) {
            let systemd = Systemd { socket: Some(connect(&name).unwrap()) };
            systemd.tell("WATCHDOG=1");
            let mut buffer = [0; 32];
            let length = socket.recv(&mut buffer).unwrap();
            assert_eq!(&buffer[..length], b"WATCHDOG=1");
        }
        assert!(connect("/nowhere/at all".as_ref()).is_err());
    }
}
