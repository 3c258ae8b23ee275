import { handOutAccess, servePage } from "../../shared/web";
import { connectionInfo, connectionInfoOfSignedIn } from "./bindings";

servePage();
// A SignalR client appends `/negotiate` to its address: `/api` or `/api/login`.
handOutAccess({ functionName: "negotiate", method: "POST", access: connectionInfo });
handOutAccess({
    functionName: "login",
    method: "POST",
    route: "login/negotiate",
    access: connectionInfoOfSignedIn,
});
