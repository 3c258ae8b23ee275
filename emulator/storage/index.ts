export { openStorageAccount } from "./account";
export { type BlobEngine, loadBlobEngine, openBlobEngine } from "./engine";
export { type AccountKeys, openAccountKeys } from "./keys";
export type { BlobAddress, BlobUpload, SasRequest, StorageAccount } from "./types";
