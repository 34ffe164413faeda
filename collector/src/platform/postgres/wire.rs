//! The socket below a connection to PostgreSQL.

use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use worker::{Error, Result, SecureTransport, Socket};

/// A socket that is closed when it is dropped: `Socket` alone would stay open until it is collected as garbage, and
/// an object may have six.
pub(super) struct Wire(Option<Socket>);

impl Wire {
    /// Connects, without waiting for it.
    pub(super) fn open(host: &str, port: u16, may_start_tls: bool) -> Result<Self> {
        let transport = if may_start_tls {
            SecureTransport::StartTls
        } else {
            SecureTransport::Off
        };
        let socket = Socket::builder()
            .secure_transport(transport)
            .connect(host, port)?;
        Ok(Self::from(socket))
    }

    /// Goes on encrypted; the platform checks the certificate against the host's name.
    pub(super) fn start_tls(mut self) -> Self {
        Self(self.0.take().map(Socket::start_tls))
    }

    /// Sends all of it.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let socket = self.socket()?;
        socket.write_all(bytes).await?;
        Ok(socket.flush().await?)
    }

    /// Waits for some bytes; that there are no more is an error.
    pub(super) async fn receive(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match self.socket()?.read(buffer).await? {
            0 => Err(Error::RustError("the server hung up".to_owned())),
            length => Ok(length),
        }
    }

    fn socket(&mut self) -> Result<&mut Socket> {
        // It is gone only while encryption starts.
        self.0
            .as_mut()
            .ok_or_else(|| Error::RustError("no socket".to_owned()))
    }
}

impl From<Socket> for Wire {
    fn from(socket: Socket) -> Self {
        Self(Some(socket))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(mut socket) = self.0.take() {
            // Closing begins at once; when it has ended matters to nobody.
            let _ = socket.close().now_or_never();
        }
    }
}
