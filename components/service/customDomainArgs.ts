import type * as pulumi from "@pulumi/pulumi";

/** A name of your own for a Premium service, with its certificate in a vault. */
export interface CustomDomain {
    /** Tells the domain's resources from others of this service: lower case letters, digits and hyphens. */
    name: string;
    /**
     * Host name, such as chat.example.com. A CNAME record must lead from it to the service's own host name before the update, because
     * Azure looks for it: see the output `domainRecords`.
     */
    domainName: pulumi.Input<string>;
    /**
     * URL of the certificate's secret, such as `https://<vault>.vault.azure.net/secrets/<certificate>`. With a version at its end the
     * service keeps that version, without one it takes up a new one within about an hour.
     */
    certificateSecretUri: pulumi.Input<string>;
    /**
     * Azure Resource Manager id of the certificate's vault. The service's identity then gets the role to read it, before the service
     * fetches the certificate. It cannot be the vault of the host's keys, where the Functions host deletes what it does not know.
     * Leave it out where the identity has the role already.
     */
    certificateVaultId?: pulumi.Input<string>;
}
