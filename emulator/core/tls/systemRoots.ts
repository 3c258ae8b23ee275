import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** Files with the roots that this machine trusts. Source: crypto/x509/root_linux.go and root_bsd.go of Go. */
const files = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/** The roots that programs on this machine trust, in PEM. Falls back to Node's own where the machine keeps them elsewhere. */
export function systemRoots(): string {
    for (const path of [process.env.SSL_CERT_FILE, ...files]) {
        if (path !== undefined && path !== "") {
            try {
                return readFileSync(path, "utf8");
            } catch {
                // The next place may have them.
            }
        }
    }
    return rootCertificates.join("\n");
}
