import { Desk } from '../elder/models/desk.js';
import { WxHost } from './wx-host.js';

export interface ElderApp {
  readonly desk: Desk;
}

const desk = new Desk(new WxHost());

App<ElderApp>({
  desk,
  onLaunch() {
    void desk.start();
  },
});
