/** How long Azure takes for changes that the emulator otherwise puts in force at once. */
export interface AzureTiming {
    /** A role acts this long after its assignment was made. Azure documents up to 10 minutes. */
    roleDelayMilliseconds: number;
    /** A vault secret in a URL, or the failure to read it, is kept this long. On Azure 30 minutes. */
    secretRefreshMilliseconds: number;
}
