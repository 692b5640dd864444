import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../lib/tokens.css';
import './till.css';
import { App } from './app.js';
import { install } from './install.js';
import { listenToKeys } from './keyboard.js';
import { Till } from './till.js';

const till = new Till();
void till.start();
listenToKeys(till);
install(till);

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<StrictMode><App till={till} /></StrictMode>);
