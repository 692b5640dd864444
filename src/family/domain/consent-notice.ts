/** What an elder reads, or has read out, before a relative is let in (PIPL 14, 17, 23). A new text has a new version. */
export const CONSENT_NOTICE = {
  version: '家人授权告知书 2026-3',
  text: '您同意后，这位家人可以在自己的微信里：看您在哪里用餐、吃了什么、花了多少钱（看用餐），替您订餐（订餐），替您付钱（付款）。'
    + '能替您订餐的家人，也能在自己的手机上出示您的用餐码，食堂扫了就记作您用餐。'
    + '三项分开，您可以只同意其中一项。家人看不到您的身份证号、补贴类别和银行账户。'
    + '同意只到您选的日期为止。您随时可以在小程序里收回，或带卡到食堂、打电话给社区收回，当场生效。不同意也不影响您用餐和享受补贴。',
} as const;

/** The longest that a consent may reach ahead. */
export const MOST_CONSENT_DAYS = 3 * 366;
