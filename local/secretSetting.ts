/** A name whose value is a secret, in its last part: `Service__accessKey`, but not `Service__serviceUri`. */
const secretName = /key|secret|password|pwd|token|sas|signature|connection_?string|cookie|salt|passphrase/i;
/** The end of a name that says what a secret is, where it lies or whose it is, and has none in its value. */
const aboutSecret = /(type|id|uri|url|name|path|version|enabled|endpoint)$/i;
/** The id of an identity, an app or a tenant. */
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Parts of connection strings and addresses that hold a secret. */
const secretPart =
    /(accountkey|accesskey|sharedaccesskey|sharedaccesssignature|instrumentationkey|sig|code|password|pwd|token|secret)=/i;
/** A user and a password in an address. */
const credentials = /:\/\/[^/?#]*@/;
/** A long text of letters and digits without a blank, as keys are. */
const opaque = /^(?=.*\d)(?=.*[a-z])[\w+/=.~-]{24,}$/i;
const plain = /^(true|false|\d{1,12}|managedidentity|https?:\/\/[^?#@\s]*)$/i;

/** Whether the value of an app setting is shown only when somebody asks for it. In doubt it is a secret. */
export function isSecretSetting(name: string, value: string): boolean {
    if (value === "" || (plain.test(value) && !credentials.test(value))) {
        return false;
    }
    const last = name.split(/__|:/).at(-1) ?? name;
    if (aboutSecret.test(last)) {
        return secretPart.test(value) || credentials.test(value) || (opaque.test(value) && !guid.test(value));
    }
    return secretName.test(last) || secretPart.test(value) || credentials.test(value) || opaque.test(value);
}
