import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../lib/tokens.css';
import './receipt.css';
import { Page } from './page.js';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<StrictMode><Page /></StrictMode>);
