// Stands in for SvelteKit's `$app/navigation` where components are imported without an app around them: nobody navigates.
const outsideAnApp = () => {
  throw new Error('There is no router in this test');
};

export const goto = outsideAnApp;
export const afterNavigate = outsideAnApp;
export const beforeNavigate = outsideAnApp;
