import "./web";
import "./presence";
import "./messages";
import "./groups";
import "./people";
import "./admin";
import "./eventhandler";
