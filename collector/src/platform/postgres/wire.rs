//! The socket below a connection to PostgreSQL.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use worker::{Result, SecureTransport, Socket};

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

    fn socket(&mut self) -> io::Result<Pin<&mut Socket>> {
        let socket = self.0.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(socket))
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

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.socket()?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.socket()?.poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_shutdown(context)
    }
}

/// Encryption by the platform, which checks the certificate against the host's name.
pub(super) struct StartTls;

impl TlsConnect<Wire> for StartTls {
    type Stream = Wire;
    type Error = Infallible;
    type Future = Ready<std::result::Result<Wire, Infallible>>;

    fn connect(self, mut wire: Wire) -> Self::Future {
        ready(Ok(Wire(wire.0.take().map(Socket::start_tls))))
    }
}

impl TlsStream for Wire {
    /// The platform does not show the certificate to which a login could be bound.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}
