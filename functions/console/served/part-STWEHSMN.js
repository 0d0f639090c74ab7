var s={anonymous_id:"Browser",user_id:"User id",email:"E-mail",phone:"Phone",ga_cid:"Google client id",custom:"Own identifier",passing_id:"Cookieless visit"},e=i=>s[i]??i;export{e as a};
