import "./web";
import "./presence";
import "./messages";
import "./rooms";
import "./moderation";
import "./admin";
import "./heartbeat";
