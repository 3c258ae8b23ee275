import { handOutAccess, servePage } from "../../shared/web";
import { connectionInfo, connectionInfoOfSignedIn } from "./bindings";

servePage();
// A SignalR client asks `/negotiate` below the address it is given: `/api` or `/api/login`.
handOutAccess({ functionName: "negotiate", method: "POST", access: connectionInfo });
handOutAccess({
    functionName: "login",
    method: "POST",
    route: "login/negotiate",
    access: connectionInfoOfSignedIn,
});
