<<<<<<<< HEAD:functions/console/served/part-HGB3U5LB.js
import{useQuestion as o}from"./main-ad4b471321.js";function i(e){return o({...e,filters:[],segments:[],conversion:""},{metrics:["events"],dimensions:["event"],limit:200,compare:"NONE"}).answer?.rows.map(({keys:n})=>n[0]??"").filter(Boolean)??[]}export{i as a};
========
import{useQuestion as o}from"./main-16b5c9bea8.js";function i(e){return o({...e,filters:[],segments:[],conversion:""},{metrics:["events"],dimensions:["event"],limit:200,compare:"NONE"}).answer?.rows.map(({keys:n})=>n[0]??"").filter(Boolean)??[]}export{i as a};
>>>>>>>> ddebe5edaee0288f58215fe31972b054c347466d:functions/console/served/part-OVC55AYU.js
