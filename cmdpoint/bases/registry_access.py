"""Send requests to a registry: TLS, the credentials of Docker's configuration, and tokens.

Source: the distribution project's "Token Authentication Specification"; docker's `certs.d` folder.
"""

import os
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from docker.auth import load_config
from docker.errors import DockerException

from cmdpoint.bases.faults import RegistryFault

_SECONDS: Final = 30
_HUB: Final = "docker.io"


class Access:
    """The access to one registry."""

    def __init__(self, domain: str) -> None:
        """Prepare the access; nothing is sent yet.

        Args:
            domain: The registry, as names of images have it.
        """
        self._domain = domain
        self._host = "registry-1.docker.io" if domain == _HUB else domain
        self._session = requests.Session()
        # Without this, requests sends what ~/.netrc has, which docker does not read.
        self._session.trust_env = False
        self._session.proxies.update(requests.utils.get_environ_proxies(f"https://{self._host}/"))
        self._verify, self._session.cert = _certificates(domain)
        self._scheme = "https"
        self._authorization: dict[str, str] = {}

    def get(self, path: str, repository: str, accept: str) -> requests.Response | None:
        """Get a path.

        Args:
            path: The path.
            repository: The repository, which the token is for.
            accept: The media types.

        Returns:
            The response; None if there is nothing of that name.

        Raises:
            RegistryFault: The registry refuses the request.
            requests.RequestException: It does not answer.
        """
        response = self._send(path, accept, self._authorization.get(repository))
        if response.status_code == requests.codes.unauthorized:
            self._authorization[repository] = self._authorize(response, repository)
            response = self._send(path, accept, self._authorization[repository])
        if response.status_code == requests.codes.not_found:
            return None
        if not response.ok:
            raise self._refused(response, repository)
        return response

    def _send(self, path: str, accept: str, authorization: str | None) -> requests.Response:
        headers = {"Accept": accept, **({"Authorization": authorization} if authorization else {})}
        try:
            return self._request(f"{self._scheme}://{self._host}{path}", headers)
        except requests.exceptions.SSLError as error:
            speaks_tls = "CERTIFICATE_VERIFY_FAILED" in str(error)
            if self._scheme == "https" and not speaks_tls and _is_local(self._host):
                # Docker, too, falls back to HTTP for registries on this machine, and for no others.
                self._scheme = "http"
                return self._request(f"http://{self._host}{path}", headers)
            raise

    def _request(self, url: str, headers: dict[str, str], **more: Any) -> requests.Response:
        # requests removes the header Authorization where a redirect leads to another host.
        return self._session.get(
            url, headers=headers, timeout=_SECONDS, verify=self._verify, stream=True, **more
        )

    def _authorize(self, response: requests.Response, repository: str) -> str:
        """The header that a refusal requests."""
        challenge = response.headers.get("WWW-Authenticate", "")
        scheme, _, parameters = challenge.partition(" ")
        credentials = self._credentials()
        basic = credentials.get("Username"), credentials.get("Password")
        if scheme.lower() == "basic" and basic[0]:
            prepared = requests.Request("GET", "http://x/", auth=(str(basic[0]), str(basic[1]))).prepare()
            return str(prepared.headers["Authorization"])
        if scheme.lower() != "bearer":
            raise self._refused(response, repository)
        fields = dict(re.findall(r'(\w+)="([^"]*)"', parameters))
        return f"Bearer {self._token(fields, credentials, repository)}"

    def _token(self, fields: dict[str, str], credentials: dict[str, Any], repository: str) -> str:
        realm = fields.get("realm", "")
        if urlsplit(realm).scheme != "https" and not (
            self._scheme == "http" and _is_local(urlsplit(realm).netloc)
        ):
            raise RegistryFault(
                f"the registry {self._domain} cannot be used",
                f"it sends to {realm or 'no address'} for a token, which is not encrypted",
                "give the config with --base NAME=@FILE",
            )
        query = {"service": fields.get("service", ""), "scope": f"repository:{repository}:pull"}
        if identity := credentials.get("IdentityToken"):
            form = {
                "grant_type": "refresh_token",
                "refresh_token": identity,
                "client_id": "cmdpoint",
                **query,
            }
            answer = self._session.post(realm, data=form, timeout=_SECONDS, verify=self._verify)
        else:
            user = credentials.get("Username")
            auth = (str(user), str(credentials.get("Password", ""))) if user else None
            answer = self._session.get(realm, params=query, auth=auth, timeout=_SECONDS, verify=self._verify)
        if not answer.ok:
            raise self._refused(answer, repository)
        data: Any = answer.json()
        return str(data.get("token") or data["access_token"])

    def _credentials(self) -> dict[str, Any]:
        """The credentials of Docker's `config.json` and its helpers; empty if it has none."""
        try:
            found = load_config().resolve_authconfig(None if self._domain == _HUB else self._domain)
        except DockerException as error:
            raise RegistryFault(
                f"the credentials for {self._domain} cannot be read", str(error), "run docker login again"
            ) from error
        return {key[:1].upper() + key[1:]: value for key, value in (found or {}).items() if value}

    def _refused(self, response: requests.Response, repository: str) -> RegistryFault:
        denied = response.status_code in (requests.codes.unauthorized, requests.codes.forbidden)
        login = "docker login" if self._domain == _HUB else f"docker login {self._domain}"
        return RegistryFault(
            f"the registry {self._domain} refuses to show {repository}",
            f"it answers {response.status_code} {response.reason}",
            f"check the name, run {login}, or give the config with --base NAME=@FILE"
            if denied
            else "try again later, or give the config with --base NAME=@FILE",
        )


def _certificates(domain: str) -> tuple[str | bool, tuple[str, str] | None]:
    """The authority to trust for a registry, and the client's certificate and key, from docker's folders."""
    for parent in (Path("/etc/docker"), Path.home() / ".config/docker"):
        folder = parent / "certs.d" / domain
        authorities, clients = sorted(folder.glob("*.crt")), sorted(folder.glob("*.cert"))
        if authorities or clients:
            pair = (str(clients[0]), str(clients[0].with_suffix(".key"))) if clients else None
            return str(authorities[0]) if authorities else True, pair
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True, None


def _is_local(host: str) -> bool:
    """Whether a host is this machine, whose registries may do without TLS, as for Docker."""
    name = urlsplit(f"//{host}").hostname or ""
    return name in ("localhost", "::1") or re.fullmatch(r"127(?:\.\d+){3}", name) is not None
