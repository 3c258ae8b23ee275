/** The user who deploys. A local Azure has only one user. */
export const deployer = {
    objectId: "10ca1000-0000-4000-8000-00000000000d",
    clientId: "10ca1000-0000-4000-8000-00000000000c",
};
