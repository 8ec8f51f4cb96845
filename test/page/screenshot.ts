/** Takes the picture of a page that docs/pictures shows: node out/test/page/screenshot.js PAGE PNG */
import { openPage, startBrowser } from './stand.js';

const [path = '', png = ''] = process.argv.slice(2);
const browser = await startBrowser();
const { page } = await openPage(browser, path, { width: 1280, height: 800 });
await page.fill('#search', 'models-5');
await page.keyboard.press('Enter');
await page.waitForSelector('#details table td');
await page.fill('#search', '');
await page.keyboard.press('Escape');
await page.click('#whole');
await page.mouse.move(640, 10);
// the frame after the last change
await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
await page.screenshot({ path: png });
await browser.close();
