// A browser that would lose the work is not let begin; it is told the way out.

import { useState } from 'preact/hooks';
import { Notice } from '../parts/notices';
import { text } from '../text/text';
import { chromeAddress, type BrowserTrouble } from './browser';
import { Title } from '../parts/title';

const t = text.browser;

export function RefusedBrowser({ trouble }: { trouble: BrowserTrouble }) {
  const [copied, setCopied] = useState(false);
  const chrome = trouble === 'in_app' ? chromeAddress() : null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(true);
    } catch {
      getSelection()?.selectAllChildren(document.querySelector('.address') as Element);
    }
  };
  return (
    <main>
      <Title>{t.titles[trouble]}</Title>
      <Notice kind="warning">
        <p>{t.reasons[trouble]}</p>
      </Notice>
      <ol class="ways">
        {t.ways[trouble].map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ol>
      {trouble === 'in_app' && (
        <>
          <p class="address">{location.href}</p>
          <div class="actions">
            {chrome !== null && (
              <a class="button primary" href={chrome}>
                {t.openChrome}
              </a>
            )}
            <button type="button" onClick={() => void copy()}>
              {t.copy}
            </button>
          </div>
          <p aria-live="polite">{copied ? t.copied : ''}</p>
        </>
      )}
    </main>
  );
}
