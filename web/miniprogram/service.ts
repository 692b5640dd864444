/** Where the city's service is: the one host that WeChat's console must list as a request domain. Set before the upload. */
export const SERVICE_URL = 'https://service.invalid';
