import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../lib/tokens.css';
import './elder.css';
import { App } from './app.js';
import { BrowserHost } from './browser-host.js';
import { Desk } from './models/desk.js';

const root = document.getElementById('root');
const desk = new Desk(new BrowserHost());
void desk.start();
if (root !== null) createRoot(root).render(<StrictMode><App desk={desk} /></StrictMode>);
