export interface BlobAddress {
    container: string;
    name: string;
}

export interface BlobUpload extends BlobAddress {
    data: Buffer;
    /** Defaults to `application/octet-stream`. */
    contentType?: string;
}

export interface SasRequest {
    container: string;
    blob: string;
    /** Letters of a service SAS in Azure's order, such as `r` or `rcw`. */
    permissions: string;
    expiresOn: Date;
    startsOn?: Date;
}

/** One emulated storage account, blobs only: its control plane as functions, its data plane over HTTP. */
export interface StorageAccount {
    /** ARM id. Role assignments have it, one of its containers, or a scope above it, as their scope. */
    id: string;
    name: string;
    /** Account key, base64. */
    key: string;
    /** `http://localhost:<port>/<account>/`, path style. */
    blobEndpoint: string;
    port: number;
    /** Does nothing when the container is there. */
    createContainer(name: string): Promise<void>;
    /** Does nothing when the container is not there. */
    deleteContainer(name: string): Promise<void>;
    /** Uploads with the account key, so it throws on an account that does not allow its key. */
    putBlob(upload: BlobUpload): Promise<void>;
    /** Deletes with the account key. Does nothing when the blob is not there. */
    deleteBlob(address: BlobAddress): Promise<void>;
    /** Returns a query string without the question mark. It is signed with the account key, so it needs an account that allows its key. */
    serviceSas(request: SasRequest): string;
    /** Changes which credentials later requests may use. */
    update(options: { allowSharedKeyAccess: boolean }): void;
    /** Stops serving. The blobs stay in the emulator's folder. */
    close(): Promise<void>;
    /** Deletes the blobs and the key, and stops serving. */
    remove(): Promise<void>;
}
