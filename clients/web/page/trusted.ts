// The page may start three scripts, and no others (Content-Security-Policy: require-trusted-types-for).

type Policy = { createScriptURL(url: string): string };
type Factory = { createPolicy(name: string, rules: Policy): Policy };

const workerUrl = __WORKER_URL__;
const photosUrl = __PHOTOS_URL__;
const serviceWorkerUrl = '/service_worker.js';

const policy: Policy = (() => {
  const rules: Policy = {
    createScriptURL(url) {
      if (![workerUrl, photosUrl, serviceWorkerUrl].includes(url)) throw new TypeError(url);
      return url;
    },
  };
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  return factory?.createPolicy('khuyenhoc', rules) ?? rules;
})();

export const trustedWorkerUrl = (): string => policy.createScriptURL(workerUrl);
export const trustedPhotosUrl = (): string => policy.createScriptURL(photosUrl);
export const trustedServiceWorkerUrl = (): string => policy.createScriptURL(serviceWorkerUrl);
