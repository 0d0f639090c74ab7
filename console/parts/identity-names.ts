/** The kinds of identifiers of a person, in words. */

const NAMES: Record<string, string> = {
  anonymous_id: 'Browser', user_id: 'User id', email: 'E-mail', phone: 'Phone', ga_cid: 'Google client id', custom: 'Own identifier', passing_id: 'Cookieless visit',
};

export const identityName = (type: string): string => NAMES[type] ?? type;
