import { StrictMode, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import '../lib/tokens.css';
import './till.css';
import { App } from './app.js';
import { Display } from './display.js';
import { install } from './install.js';
import { listenToKeys } from './keyboard.js';
import { Till } from './till.js';

/** The window that sells; a second screen looks on by itself, and never takes its place. */
function sellingPage(): ReactElement {
  const till = new Till();
  void till.start();
  listenToKeys(till);
  install(till);
  return <App till={till} />;
}

const root = document.getElementById('root');
const page = new URLSearchParams(window.location.search).has('display') ? <Display /> : sellingPage();
if (root !== null) createRoot(root).render(<StrictMode>{page}</StrictMode>);
