import { readFileSync, statSync } from "node:fs";
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

/**
 * The roots that programs on this machine trust, in PEM. Falls back to Node's own where the machine keeps them elsewhere. A shell may name
 * the file that is made of them here (`own`), which would grow at every start.
 */
export function systemRoots({ own, env = process.env }: { own?: string; env?: NodeJS.ProcessEnv } = {}): string {
    const named = env.SSL_CERT_FILE;
    const given = named === undefined || named === "" || (own !== undefined && isSameFile(named, own)) ? [] : [named];
    for (const path of [...given, ...files]) {
        try {
            return readFileSync(path, "utf8");
        } catch {
            // The next place may have them.
        }
    }
    return rootCertificates.join("\n");
}

function isSameFile(first: string, second: string): boolean {
    const [one, two] = [first, second].map((path) => statSync(path, { throwIfNoEntry: false }));
    return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
}
