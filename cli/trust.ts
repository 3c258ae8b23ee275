import type { Authority } from "../emulator/core/tls/authority";

/** How clients in each language are told to trust the emulator's certificate, in lines for a shell. */
export function trustLines(authority: Pick<Authority, "certificateFile" | "bundleFile"> | undefined): string[] {
    if (authority === undefined) {
        return [];
    }
    const own = quoted(authority.certificateFile);
    const all = quoted(authority.bundleFile);
    return [
        "A client trusts this address when it is started with:",
        `  Node.js                     NODE_EXTRA_CA_CERTS=${own}`,
        `  Python                      SSL_CERT_FILE=${all} REQUESTS_CA_BUNDLE=${all}`,
        `  Go, .NET on Linux, OpenSSL  SSL_CERT_FILE=${all}`,
        `  curl                        CURL_CA_BUNDLE=${all}`,
        `  Java                        JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit", once after`,
        `                              keytool -importcert -noprompt -alias local -storepass changeit -keystore trust.p12 -file ${own}`,
        "A browser does not trust it. Use http:// and ws:// there: this port serves both.",
    ];
}

/** A path as a shell takes it. */
function quoted(path: string): string {
    return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
