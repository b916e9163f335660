import { createRoot } from 'react-dom/client';

const place = document.querySelector('#root');
if (place !== null) createRoot(place).render(<p>copilot-sentinel</p>);
