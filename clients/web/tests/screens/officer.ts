// What an officer does with the page, in the words of the work. It uses what people see: labels and
// buttons.

import type { Locator, Page } from 'playwright-core';
import { inEnglish } from './words';

export interface Registered {
  name: string;
  day?: string;
  month?: string;
  year: string;
  gender?: 'Nam' | 'Nữ';
}

export class Officer {
  /** The time in ms that anything on the page may take. */
  patience = 15_000;

  constructor(
    readonly page: Page,
    readonly origin: string,
    /** Of the page; the words of the work are Vietnamese here all the same. */
    private readonly language: 'vi' | 'en' = 'vi',
  ) {}

  async open(screen = ''): Promise<void> {
    const asked = this.language === 'vi' ? '' : `?lang=${this.language}`;
    await this.page.goto(`${this.origin}/${asked}#/${screen}`);
  }

  /** What has this label. */
  field(label: string): Locator {
    return this.page.getByLabel(this.say(label), { exact: true });
  }

  /** To another screen of a page that is open. */
  async go(screen: string): Promise<void> {
    await this.page.evaluate((hash) => (location.hash = hash), `#/${screen}`);
  }

  async sees(text: string | RegExp, time = this.patience): Promise<void> {
    // What the module says is Vietnamese in either language.
    const main = this.page.locator('main');
    const told = main.getByText(text).or(main.getByText(this.say(text)));
    await told.first().waitFor({ timeout: time });
  }

  async heading(text: string | RegExp): Promise<void> {
    await this.page
      .getByRole('heading', { level: 1, name: this.say(text) })
      .waitFor({ timeout: this.patience });
  }

  async presses(words: string | RegExp): Promise<void> {
    const name = this.say(words);
    await this.page
      .locator('main, dialog')
      .getByRole('button', { name, exact: true })
      .or(this.page.locator('main').getByRole('link', { name, exact: true }))
      .last()
      .click();
  }

  async chooses(label: string, option: string): Promise<void> {
    await this.field(label).selectOption({ label: option });
  }

  async taps(chip: string | RegExp): Promise<void> {
    await this.page
      .locator('label')
      .filter({ hasText: this.say(chip) })
      .first()
      .click();
  }

  /** The chip with exactly this text, on the page or in a part of it. */
  chip(text: string, within: Locator = this.page.locator('main')): Locator {
    return within.locator('label.chip').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Becomes a device of two people, who can do an officer's whole day, with a PIN. */
  async enrols(code: string, pin = ''): Promise<void> {
    await this.open(`enrol/${code}`);
    await this.field('Tên máy').fill('Điện thoại bản');
    await this.presses('Ghi danh');
    await this.presses('Đúng là chúng tôi');
    if (pin === '') {
      await this.page.getByText(this.say('Để sau'), { exact: true }).click();
      await this.presses('Vẫn để sau');
    } else {
      await this.field('Mã PIN').fill(pin);
      await this.field('Gõ lại mã PIN').fill(pin);
      await this.presses('Lưu mã PIN');
    }
    await this.heading('Xã Nà Tấu');
  }

  /** What stays for all that are registered afterwards. */
  async choosesGroup(hamlet: string): Promise<void> {
    await this.chooses('Nhóm đối tượng', 'Nông dân, lao động nông thôn');
    await this.chooses('Thôn, bản', hamlet);
  }

  async fillsPerson({
    name,
    day = '',
    month = '',
    year,
    gender = 'Nữ',
  }: Registered): Promise<void> {
    await this.field('Họ và tên').fill(name);
    await this.field('Ngày').first().fill(day);
    await this.field('Tháng').first().fill(month);
    await this.field('Năm').first().fill(year);
    await this.chip(gender).click();
    await this.taps('Xét danh hiệu');
    await this.taps('Người đăng ký có mặt');
  }

  /** Registers somebody, and stands at the answer. */
  async registers(person: Registered): Promise<void> {
    await this.fillsPerson(person);
    await this.presses('Ghi');
    await this.heading('Đã ghi');
  }

  async seesPaper(kind: string): Promise<void> {
    await this.chip(kind).click();
    await this.presses('Đã xem giấy');
    await this.sees(/Đã ghi \d+ giấy tờ/);
  }

  async accepts(): Promise<void> {
    await this.presses('Tiếp nhận');
    await this.page
      .locator('dialog')
      .getByRole('button', { name: this.say('Tiếp nhận') })
      .click();
    await this.sees('Đã tiếp nhận');
  }

  /** The same points in each row, and one row otherwise. */
  async scores(points: string): Promise<void> {
    await this.presses('Chấm điểm');
    await this.heading('Phiếu điểm');
    const rows = this.page.locator('.score-row');
    const count = await rows.count();
    for (let at = 0; at < count; at += 1) {
      await this.chip(points, rows.nth(at)).click();
    }
    await this.presses('Ghi phiếu');
  }

  /** Opens somebody of the list by a search without tones. */
  async finds(search: string, name: string): Promise<void> {
    await this.go('people');
    await this.field('Tìm theo tên').fill(search);
    await this.page.getByRole('link', { name: new RegExp(name) }).click();
    await this.heading(name);
  }

  private say(words: string | RegExp): string | RegExp {
    return this.language === 'vi' ? words : inEnglish(words);
  }
}
